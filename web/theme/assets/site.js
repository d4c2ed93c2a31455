/* What the theme leaves out for those who use a keyboard or a screen reader. Everything reads well without it. */
document$.subscribe(function () {
  var scrolls = function (box) { return box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1 }
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code, .md-sidebar__scrollwrap, .md-search__scrollwrap").forEach(function (box) {
    if (scrolls(box) && !box.hasAttribute("tabindex")) box.tabIndex = 0
  })
})
