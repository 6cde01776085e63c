// Runs beside the page's own script, and helps where that script cannot run: files of another release, a broken connection,
// an old browser. It has the same name in every release, so that it can always be loaded. Plain JavaScript for any browser.
;(function () {
  'use strict'
  var RELOADED = 'taxbudget:reloaded'
  var ONCE_IN_MS = 60000

  // Modules run before this event, or have failed by then.
  window.addEventListener('load', function () {
    var sheets = document.querySelectorAll('link[rel="stylesheet"]')
    // A style sheet that could not be loaded is missing in some browsers, and empty in others.
    var unstyled = Array.prototype.some.call(sheets, function (link) {
      return !link.sheet || link.sheet.cssRules.length === 0
    })
    if (document.documentElement.dataset.start !== 'begun') startAnew(true)
    else if (unstyled) startAnew(false)
  })
  window.addEventListener('taxbudget:cannot-start', function () {
    // Before that, the listener above notices it.
    if (document.readyState === 'complete') startAnew(true)
  })

  function startAnew(isEmpty) {
    if (mayReload()) window.location.reload()
    else if (isEmpty) say()
  }

  // It reloads once by itself. If that did not help, a person decides.
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

  // The server writes the texts into the document, in the reader's language. A node of an older release does not.
  function textOf(name, english) {
    var meta = document.querySelector('meta[name="taxbudget:' + name + '"]')
    return meta ? meta.content : english
  }

  function say() {
    var root = document.getElementById('root')
    var text = document.createElement('p')
    text.setAttribute('role', 'alert')
    text.className = 'not-started'
    text.append(
      textOf('not-loaded', 'This page could not be loaded. A new version may just be arriving.') + ' ',
    )
    var button = document.createElement('button')
    button.textContent = textOf('reload', 'Load it again')
    button.addEventListener('click', function () {
      window.location.reload()
    })
    text.append(button)
    root.append(text)
  }
})()
