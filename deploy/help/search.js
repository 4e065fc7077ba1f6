// What the search of the help finds: the best section of each page, best page first. The text is small enough to be looked through at each question,
// without an index. A classic script, since the site also opens from a folder; the browser runs it, and its test.
(function () {
  /** Words that say nothing of what is asked. The Chinese ones part what stands around them. */
  var EMPTY =
    /^(?:a|after|all|an|and|any|are|at|be|been|before|being|by|can|cannot|could|did|do|does|for|from|get|gets|give|got|happens?|has|have|he|his|how|i|if|in|into|is|it|its|just|make|me|my|need|no|not|of|off|ok|on|one|or|our|out|s|should|so|t|some|someone|than|that|the|their|them|then|there|they|this|to|too|up|use|used|we|want|was|were|what|when|where|which|while|who|whose|why|will|with|work|would|you|your)$/;
  var CHINESE_EMPTY =
    /为什么|怎么样|怎么办|怎么|怎样|什么|如何|可以|能不能|会不会|要不要|是不是|有没有|是否|哪里|哪儿|哪个|哪些|哪种|几个|一个|一下|办法|时候|是啥|啥|咋办|咋|以后|之后|意思|我们|你们|他们|这个|那个|这种|那边|自己|突然|老是|总是|一直|已经|[的了吗呢吧呀啊嘛我你他她它这那哪谁有是在要会能把被给和与也都还就又很太得着让叫请]/g;

  /** What a field is worth. Synonyms (`<!-- search: … -->` below a heading) are there because people ask by them. */
  var FIELDS = { words: 8, title: 5, heading: 4, text: 1 };

  var ENDING = '(?:ings?|ies|ed|es?|s|y)';

  /** Lower case, one blank between Latin words and before them, none beside Chinese; a hyphen is no blank: Wi-Fi is wifi. */
  function plain(text) {
    var words = text.toLowerCase().replace(/([a-z0-9])-(?=[a-z0-9])/g, '$1').replace(/[^a-z0-9\u3400-\u9fff]+/g, ' ');
    return (' ' + words + ' ').replace(/ ?([\u3400-\u9fff]) ?/g, '$1').replace(/([\u3400-\u9fff])(?=[a-z0-9])/g, '$1 ');
  }

  /** @param same lists of what one thing is called, the word of the documents first. @returns what writes each thing by that word. */
  function foldedBy(same) {
    var words = {};
    same.forEach((names) => {
      names.forEach((name) => {
        words[keyOf(plain(name))] = keyOf(plain(names[0]));
      });
    });
    var keys = Object.keys(words).sort((a, b) => b.length - a.length);
    var any = new RegExp(keys.map((key) => (/[a-z0-9]$/.test(key) ? key + ENDING + '?(?![a-z0-9])' : key)).join('|') || '$^', 'g');
    return (text) => plain(text).replace(any, (found) => words[found] || words[keyOf(found)] || found);
  }

  /** Its Latin words without their endings. */
  function keyOf(words) {
    return words.trimEnd().replace(/[a-z0-9]+/g, stem);
  }

  /** What is looked for: the beginnings of Latin words, and pairs of neighbours where there is Chinese, which has no blanks. */
  function termsOf(folded) {
    var terms = [];
    folded.split(CHINESE_EMPTY).forEach((piece) => {
      var parts = piece.match(/[a-z0-9]+|[\u3400-\u9fff]/g) || [];
      parts.forEach((part, i) => {
        var next = parts[i + 1];
        if (!isChinese(part)) terms.push(' ' + stem(part));
        else if (parts.length === 1) terms.push(part);
        if (next === undefined) return;
        if (!isChinese(part)) terms.push(' ' + part + next);
        else terms.push(part + (isChinese(next) ? next : ' ' + next));
      });
    });
    return terms.filter((term, i) => !EMPTY.test(term.trim()) && terms.indexOf(term) === i);
  }

  function isChinese(part) {
    return part >= '\u3400' && part <= '\u9fff';
  }

  /** One form of a word, as its beginning: who asks for loops also means a loop. */
  function stem(word) {
    if (word.length < 4) return word;
    return word.replace(new RegExp(ENDING + '$'), '');
  }

  /** @param sections {page, title, heading, words, text, weight}. @param same see foldedBy. @returns what finds them by words. */
  window.helpSearch = function (sections, same) {
    var folded = foldedBy(same);
    var fields = Object.keys(FIELDS);
    var texts = sections.map((section) => fields.map((field) => folded(section[field] || '')));
    var lengths = texts.map((each) => each[fields.length - 1].length);
    var average = lengths.reduce((sum, each) => sum + each, 0) / sections.length;

    return (asked) => {
      var points = sections.map(() => 0);
      var known = sections.map(() => 0);
      var all = 0;
      termsOf(folded(asked)).forEach((term) => {
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
