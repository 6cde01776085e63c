// Runs beside the page's own script and stands in where that one does not come: files of another release, a network that
// broke off, a browser too old. It keeps this name in every release, so that it is there then. Plain JavaScript of the
// kind that any browser knows.
;(function () {
  'use strict'
  var RELOADED = 'taxbudget:reloaded'
  var ONCE_IN_MS = 60000
  var SENTENCES = {
    ar: ['تعذّر تحميل الصفحة. قد تكون نسخة جديدة في طريقها إليك.', 'حمّلها من جديد'],
    de: ['Die Seite ließ sich nicht laden. Vielleicht kommt gerade eine neue Fassung.', 'Neu laden'],
    en: ['This page could not be loaded. A new version may just be arriving.', 'Load it again'],
    es: ['No se ha podido cargar la página. Quizá esté llegando una nueva versión.', 'Volver a cargarla'],
    fr: ['La page n’a pas pu être chargée. Une nouvelle version arrive peut-être.', 'La recharger'],
  }

  // Modules run before this event, or have failed by then.
  window.addEventListener('load', function () {
    var sheets = document.querySelectorAll('link[rel="stylesheet"]')
    // What did not come is missing in some browsers, and empty in others.
    var unstyled = Array.prototype.some.call(sheets, function (link) {
      return !link.sheet || link.sheet.cssRules.length === 0
    })
    if (document.documentElement.dataset.start !== 'begun') startAnew(true)
    else if (unstyled) startAnew(false)
  })
  window.addEventListener('taxbudget:cannot-start', function () {
    // Before, the listener above sees it.
    if (document.readyState === 'complete') startAnew(true)
  })

  function startAnew(isEmpty) {
    if (mayReload()) window.location.reload()
    else if (isEmpty) say()
  }

  // Once by itself: what is still missing then is for a person to decide.
  function mayReload() {
    try {
      var now = Date.now()
      var since = now - Number(sessionStorage.getItem(RELOADED))
      if (since >= 0 && since < ONCE_IN_MS) return false
      sessionStorage.setItem(RELOADED, String(now))
      return sessionStorage.getItem(RELOADED) === String(now)
    } catch (forbidden) {
      return false
    }
  }

  function say() {
    var sentence = SENTENCES[document.documentElement.lang] || SENTENCES.en
    var root = document.getElementById('root')
    var text = document.createElement('p')
    text.setAttribute('role', 'alert')
    text.className = 'not-started'
    text.append(sentence[0] + ' ')
    var button = document.createElement('button')
    button.textContent = sentence[1]
    button.addEventListener('click', function () {
      window.location.reload()
    })
    text.append(button)
    root.append(text)
  }
})()
