/* What the theme leaves out for those who use a keyboard or a screen reader. Everything reads well without it. */
document$.subscribe(function () {
  var search = document.querySelector(".md-search")
  if (search) search.setAttribute("aria-label", search.querySelector("input").getAttribute("aria-label") || search.querySelector("input").placeholder)
  // Navigation within navigation: each needs a name of its own.
  document.querySelectorAll("nav.md-nav[aria-labelledby]").forEach(function (nav) {
    var label = document.getElementById(nav.getAttribute("aria-labelledby"))
    nav.setAttribute("aria-label", (label ? label.textContent.trim().replace(/\s+/g, " ") : "") + " (" + nav.dataset.mdLevel + ")")
    nav.removeAttribute("aria-labelledby")
  })
  var scrolls = function (box) { return box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1 }
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code, .md-sidebar__scrollwrap, .md-search__scrollwrap").forEach(function (box) {
    if (scrolls(box) && !box.hasAttribute("tabindex")) box.tabIndex = 0
  })
})
