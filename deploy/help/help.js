// The search of the help, on its first page, without a server.
(function () {
  var box = document.getElementById('found');
  var asked = /[?&]q=([^&]*)/.exec(location.search);
  var input = document.querySelector('input[name=q]');
  if (!box || !asked || !input) return;
  input.value = decodeURIComponent(asked[1].replace(/\+/g, ' '));
  if (input.value.trim() === '') return;
  load(['../search.js', 'sections.js'], () => {
    show(window.helpSearch(window.sections, window.sameWords)(input.value));
  });

  function load(files, then) {
    if (files.length === 0) return then();
    var script = document.createElement('script');
    script.src = files[0];
    script.onload = () => load(files.slice(1), then);
    document.body.appendChild(script);
  }

  function show(found) {
    found.slice(0, 10).forEach((section) => {
      var row = document.createElement('p');
      var link = document.createElement('a');
      link.href = section.page + '#' + section.anchor;
      link.textContent = section.title === section.heading ? section.title : section.title + ' › ' + section.heading;
      row.appendChild(link);
      row.appendChild(document.createElement('br'));
      row.appendChild(document.createTextNode(excerpt(section.text)));
      box.appendChild(row);
    });
    // What was asked for stands alone: the list of all documents is one tap away, in the head of the page.
    var shown = found.length === 0 ? document.getElementById('none') : box;
    Array.from(document.querySelector('main').children).forEach((each) => {
      each.hidden = each !== shown && each.tagName !== 'H1';
    });
    window.scrollTo(0, 0);
  }

  /** Around the words as they were typed, where they stand like that, else the beginning. */
  function excerpt(text) {
    var at = Math.max(0, text.toLowerCase().indexOf(input.value.trim().toLowerCase().split(/\s+/)[0]) - 40);
    while (at > 0 && /\w\w/.test(text.slice(at - 1, at + 1))) at -= 1;
    return (at > 0 ? '…' : '') + text.slice(at, at + 160) + (text.length > at + 160 ? '…' : '');
  }
})();
