// The search of the help: every section that has all the words, without a server and in the oldest browser that shows the page.
(function () {
  var box = document.getElementById('found');
  var asked = /[?&]q=([^&]*)/.exec(location.search);
  var input = document.querySelector('input[name=q]');
  if (!box || !asked || !input) return;
  input.value = decodeURIComponent(asked[1].replace(/\+/g, ' '));
  var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return;
  var script = document.createElement('script');
  script.src = 'sections.js';
  script.onload = function () {
    show(find(window.sections, words));
  };
  document.body.appendChild(script);

  function find(sections, words) {
    var all = [];
    for (var i = 0; i < sections.length; i += 1) {
      var each = sections[i];
      var heading = (each.title + ' ' + each.heading).toLowerCase();
      var text = each.text.toLowerCase();
      var points = 0;
      for (var j = 0; j < words.length; j += 1) {
        var inHeading = heading.indexOf(words[j]) !== -1;
        var times = text.split(words[j]).length - 1;
        if (!inHeading && times === 0) {
          points = 0;
          break;
        }
        points += (inHeading ? 100 : 0) + Math.min(times, 20);
      }
      if (points > 0) all.push({ section: each, points: points });
    }
    return all.sort(function (a, b) {
      return b.points - a.points;
    });
  }

  function show(found) {
    if (found.length === 0) box.textContent = box.getAttribute('data-none');
    found.slice(0, 40).forEach(function (each) {
      var section = each.section;
      var row = document.createElement('p');
      var link = document.createElement('a');
      link.href = section.page + '#' + section.anchor;
      link.textContent = section.title === section.heading ? section.title : section.title + ' › ' + section.heading;
      row.appendChild(link);
      var at = Math.max(0, section.text.toLowerCase().indexOf(words[0]) - 40);
      row.appendChild(document.createElement('br'));
      row.appendChild(document.createTextNode((at > 0 ? '…' : '') + section.text.slice(at, at + 160)));
      box.appendChild(row);
    });
    box.previousElementSibling && window.scrollTo(0, 0);
    var main = document.querySelector('main');
    main.insertBefore(box, main.firstChild);
  }
})();
