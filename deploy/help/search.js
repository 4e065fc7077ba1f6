// What the search of the help finds: the best section of each page, best page first. The text is small enough to be looked through at each question,
// without an index. A classic script, since the site also opens from a folder; the browser runs it, and its test.
(function () {
  /** Words that say nothing of what is asked. */
  var EMPTY =
    /^(?:a|after|all|an|and|any|are|be|by|can|do|does|for|from|get|has|have|how|i|if|in|is|it|its|me|my|not|of|ok|on|or|our|out|so|that|the|there|to|too|up|we|what|when|where|which|who|why|will|with|you|your|怎么|么样|什么|为什|怎样|如何|可以|能不|不能|一个|哪些|多少|了吗|的吗|么办|办法|会不|不会|是不|是否|时候|的时|一条|几天|出来|上去|起来)$/;

  /** What a field is worth. Synonyms (`<!-- search: … -->` below a heading) are there because people ask by them. */
  var FIELDS = { words: 8, title: 5, heading: 4, text: 1 };

  /** Lower case, one blank between Latin words and before them, none beside Chinese; a hyphen is no blank: Wi-Fi is wifi. */
  function folded(text) {
    var plain = text.toLowerCase().replace(/([a-z0-9])-(?=[a-z0-9])/g, '$1').replace(/[^a-z0-9\u3400-\u9fff]+/g, ' ');
    return (' ' + plain + ' ').replace(/ ?([\u3400-\u9fff]) ?/g, '$1').replace(/([\u3400-\u9fff])(?=[a-z0-9])/g, '$1 ');
  }

  /** What is looked for: the beginnings of Latin words, and pairs of neighbours where there is Chinese, which has no blanks. */
  function termsOf(asked) {
    var terms = [];
    var parts = folded(asked).match(/[a-z0-9]+|[\u3400-\u9fff]/g) || [];
    parts.forEach((part, i) => {
      var next = parts[i + 1];
      var chinese = isChinese(part);
      if (!chinese) terms.push(' ' + stem(part));
      if (next === undefined) return;
      if (chinese && isChinese(next)) terms.push(part + next);
      else if (chinese) terms.push(part + ' ' + next);
      else terms.push(' ' + part + next);
    });
    if (parts.length === 1 && isChinese(parts[0])) terms.push(parts[0]);
    return terms.filter((term, i) => !EMPTY.test(term.trim()) && terms.indexOf(term) === i);
  }

  function isChinese(part) {
    return part >= '\u3400' && part <= '\u9fff';
  }

  /** One form of a word, as its beginning: who asks for loops also means a loop. */
  function stem(word) {
    if (word.length < 4) return word;
    return word.replace(/(?:ings?|ies|ed|es?|s|y)$/, '');
  }

  /** @param sections {page, title, heading, words, text, weight}. @returns what finds them by words. */
  window.helpSearch = function (sections) {
    var fields = Object.keys(FIELDS);
    var texts = sections.map((section) => fields.map((field) => folded(section[field] || '')));
    var lengths = texts.map((each) => each[fields.length - 1].length);
    var average = lengths.reduce((sum, each) => sum + each, 0) / sections.length;

    return (asked) => {
      var points = sections.map(() => 0);
      var known = sections.map(() => 0);
      var all = 0;
      termsOf(asked).forEach((term) => {
        // As in BM25: what few sections have says more, a word's fifth time says little more than its fourth, and a long text has many words.
        var found = texts.map((each, id) =>
          each.reduce((sum, text, i) => {
            var times = text.split(term).length - 1;
            var long = fields[i] === 'text' ? 0.5 + (0.5 * lengths[id]) / average : 1;
            return sum + (FIELDS[fields[i]] * times) / (times + long);
          }, 0),
        );
        var having = found.filter((each) => each > 0).length;
        if (having === 0) return;
        var rarity = Math.log(1 + (sections.length - having + 0.5) / (having + 0.5));
        all += rarity;
        found.forEach((each, id) => {
          points[id] += each * rarity;
          if (each > 0) known[id] += rarity;
        });
      });
      // Who asks in many words means all of them.
      points = points.map((each, id) => each * sections[id].weight * (all === 0 ? 0 : known[id] / all));
      var pages = {};
      return sections
        .map((section, id) => ({ section, points: points[id] }))
        .filter((each) => each.points > 0)
        .sort((a, b) => b.points - a.points)
        .map((each) => each.section)
        .filter((section) => {
          var first = pages[section.page] === undefined;
          pages[section.page] = true;
          return first;
        });
    };
  };
})();
