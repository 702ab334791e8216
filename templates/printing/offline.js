// Search in a file without a network. The services stand in <noscript>, as text that costs the browser
// nothing: only those that are shown are put onto the page. If anything fails, the whole list is shown.
(function () {
  "use strict";
  var PAGE = 20;
  var LEAST = 2; // tenths that the words of a question have to be worth, or no need is understood
  var NEAR = { short: 4, long: 8 }; // letters from which one, or two, may be wrong
  function at(id) { return document.getElementById(id); }
  var source = document.querySelector("noscript").textContent;
  var data, words;
  var services = [];
  var asked = [];
  var areaNames = new Map();
  var around = new Map();
  var vocabulary = new Set();
  var shown = [];
  var upTo = PAGE;

  // ---- words ------------------------------------------------------------------------------------------
  var endings; // the same as those by which the words of needs were made, so they come with the data
  function fold(text) {
    return text.toLowerCase().replace(/[’ʼ`´]/g, "'").normalize("NFD")
      .replace(/([^иі])[\u0300-\u036f]+/g, "$1").normalize("NFC").replace(/ґ/g, "г");
  }
  function split(text) { return fold(text).match(/[a-zа-яіїєыэъё0-9]+(?:'[a-zа-яіїє]+)?/g) || []; }
  function stem(word) {
    var short = word.replace(endings, "");
    return short.length >= 3 ? short : word;
  }
  function distance(one, other, most) {
    // letters put in, left out, changed or swapped; more than `most` is not counted further
    var before = null, last = [], here, i, j, best;
    for (j = 0; j <= other.length; j++) last[j] = j;
    for (i = 1; i <= one.length; i++) {
      here = [i];
      best = i;
      for (j = 1; j <= other.length; j++) {
        var cost = one[i - 1] === other[j - 1] ? 0 : 1;
        here[j] = Math.min(last[j] + 1, here[j - 1] + 1, last[j - 1] + cost);
        if (before && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          here[j] = Math.min(here[j], before[j - 2] + 1);
        }
        best = Math.min(best, here[j]);
      }
      if (best > most) return most + 1;
      before = last;
      last = here;
    }
    return last[other.length];
  }

  // ---- what the file holds ----------------------------------------------------------------------------
  function attribute(html, name) {
    var found = html.match(new RegExp(" data-" + name + "=\"([^\"]*)\""));
    return found && found[1] ? found[1].split(" ") : [];
  }
  function decode(text) {
    return text.replace(/&#(\d+);/g, function (_all, code) { return String.fromCharCode(code); })
      .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }
  function plain(html) { return " " + split(decode(html.replace(/<[^>]*>/g, " "))).join(" "); }
  function read() {
    var first = source.indexOf("<article"), html;
    while (first >= 0) {
      var end = source.indexOf("</article>", first) + 10;
      html = source.slice(first, end);
      services.push({
        html: html, kinds: attribute(html, "k"), areas: attribute(html, "a"), serves: attribute(html, "v"),
        spoken: attribute(html, "l"), keys: attribute(html, "h"), name: null, text: null
      });
      first = source.indexOf("<article", end);
    }
    data.areas.forEach(function (row) { areaNames.set(row[0], row[1]); around.set(row[0], row[2]); });
    asked = data.asked.map(function (row) {
      var parts = row[2].split("|");
      return { name: row[0], kinds: row[1], names: worths(parts[0]), phrases: worths(parts[1]) };
    });
  }
  function worths(text) { // stem -> how surely the word means this need, of 10
    var found = new Map();
    text.split(" ").forEach(function (told) {
      var word = told.slice(0, -1);
      if (!word) return;
      found.set(word, Number(told.slice(-1)));
      vocabulary.add(word);
    });
    return found;
  }
  function prepare(service) { // the words of a service, made when they are first asked for
    if (service.text !== null) return;
    var cut = service.html.indexOf("<dl>");
    service.name = plain(service.html.slice(0, cut));
    service.text = plain(service.html.slice(cut));
  }

  // ---- what is asked ----------------------------------------------------------------------------------
  function holders(word) { // the services that have the word in a name, and in their text only
    var found = { names: new Set(), texts: new Set() };
    services.forEach(function (one) {
      prepare(one);
      if (one.name.indexOf(" " + word) >= 0) found.names.add(one);
      else if (one.text.indexOf(" " + word) >= 0) found.texts.add(one);
    });
    found.all = found.names.size + found.texts.size;
    return found;
  }
  function nearest(word) {
    if (word.length < NEAR.short) return null;
    var most = word.length >= NEAR.long ? 2 : 1, best = null, far = most + 1, names = new Set(vocabulary);
    services.forEach(function (one) {
      one.name.trim().split(" ").forEach(function (each) { if (each.length >= NEAR.short) names.add(stem(each)); });
    });
    names.forEach(function (each) {
      if (Math.abs(each.length - word.length) > most || each.length < 3) return;
      var d = distance(word, each, most);
      if (d < far) { far = d; best = each; }
    });
    return best;
  }
  function understand(question) {
    var typed = [], mended = [], held = new Map();
    split(question).forEach(function (word) {
      var short = stem(word);
      if (short.length < 2) return;
      var there = holders(short);
      if (!there.all && !vocabulary.has(short)) {
        var other = nearest(short);
        if (other) {
          mended.push(other);
          short = other;
          there = holders(short);
        }
      }
      typed.push(short);
      held.set(short, there);
    });
    var points = new Map(), names = [];
    var scored = asked.map(function (one) {
      var sum = 0;
      typed.forEach(function (word) { sum += 2 * (one.names.get(word) || 0) + (one.phrases.get(word) || 0); });
      return { one: one, sum: sum };
    }).filter(function (row) { return row.sum >= LEAST; });
    scored.sort(function (a, b) { return b.sum - a.sum; });
    scored.slice(0, 3).forEach(function (row) {
      if (row.sum < 0.6 * scored[0].sum) return;
      if (names.indexOf(row.one.name) < 0) names.push(row.one.name);
      row.one.kinds.forEach(function (kind, rank) {
        var worth = 10 * row.sum / scored[0].sum * (1 - 0.1 * Math.min(rank, 8));
        points.set(kind, Math.max(points.get(kind) || 0, worth));
      });
    });
    return { words: held, mended: mended, names: names, kinds: points };
  }
  function score(service, question) {
    var sum = 0;
    service.kinds.forEach(function (kind) { sum = Math.max(sum, question.kinds.get(kind) || 0); });
    question.words.forEach(function (there) { // a word of many services tells little
      var rare = 1 - Math.log(1 + there.all) / Math.log(1 + services.length);
      if (there.names.has(service)) sum += 6 * rare;
      else if (there.texts.has(service)) sum += 2 * rare;
    });
    return sum;
  }

  // ---- filters: 1 fits, 0 not known, -1 does not fit ----------------------------------------------------
  function chain(code) {
    var found = [];
    while (code && found.indexOf(code) < 0) { found.push(code); code = around.get(code); }
    return found;
  }
  function inArea(service, wanted) {
    if (!service.areas.length && !service.serves.length) return 0;
    var wide = chain(wanted);
    var there = service.areas.some(function (code) { return chain(code).indexOf(wanted) >= 0; });
    var comes = service.serves.some(function (code) {
      return wide.indexOf(code) >= 0 || chain(code).indexOf(wanted) >= 0;
    });
    return there || comes ? 1 : -1;
  }
  function clock() { // the office's clock: day since the file was made, and minute of the week
    var now = new Date(), day = now.getDay(), minute = now.getHours() * 60 + now.getMinutes();
    var date = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
    try {
      var parts = {};
      new Intl.DateTimeFormat("en-GB", {
        timeZone: data.zone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric",
        minute: "numeric", hourCycle: "h23"
      }).formatToParts(now).forEach(function (part) { parts[part.type] = Number(part.value); });
      date = Date.UTC(parts.year, parts.month - 1, parts.day);
      day = new Date(date).getUTCDay();
      minute = parts.hour * 60 + parts.minute;
    } catch (error) { /* an old browser knows no time zones: its own clock has to do */ }
    var days = Math.round((date - Date.parse(data.made + "T00:00:00Z")) / 86400000);
    return { days: days, week: ((day + 6) % 7) * 1440 + minute, since: days * 1440 + minute };
  }
  function openAt(key, now) {
    if (!key) return 0;
    function within(spans, minute) {
      return spans.some(function (span) { return span[0] <= minute && minute < span[1]; });
    }
    if (key.week) return within(key.week, now.week) || within(key.week, now.week + 10080) ? 1 : -1;
    if (within(key.days, now.since)) return 1;
    return key.unsure || now.days < 0 || now.days >= 60 ? 0 : -1;
  }
  function openNow(service, now) {
    return service.keys.reduce(function (best, key) {
      var one = openAt(data.keys[Number(key)], now);
      return one === 1 || best === 1 ? 1 : Math.max(one, best);
    }, -1);
  }
  function fits(service, wish, now) {
    var found = [];
    if (wish.area) found.push(inArea(service, wish.area));
    if (wish.kind) found.push(service.kinds.indexOf(wish.kind) >= 0 ? 1 : service.kinds.length ? -1 : 0);
    if (wish.spoken) found.push(service.spoken.indexOf(wish.spoken) >= 0 ? 1 : service.spoken.length ? -1 : 0);
    if (wish.open) found.push(openNow(service, now));
    return found.length ? Math.min.apply(null, found) : 1;
  }

  // ---- the page -----------------------------------------------------------------------------------------
  function find() {
    var wish = { area: at("area").value, kind: at("kind").value, spoken: at("spoken").value, open: at("open").checked };
    var typed = at("q").value.trim(), question = typed ? understand(typed) : null, now = clock();
    shown = [];
    services.forEach(function (service, number) {
      var sure = fits(service, wish, now), points = question ? score(service, question) : 0;
      if (sure >= 0 && (!question || points > 0)) {
        shown.push({ service: service, sure: sure, points: points, number: number });
      }
    });
    shown.sort(function (a, b) { return b.sure - a.sure || b.points - a.points || a.number - b.number; });
    upTo = PAGE;
    tell(question);
    draw(now);
  }
  function tell(question) {
    var box = at("understood"), lines = [];
    if (question && question.mended.length) lines.push(words.instead + " " + question.mended.join(", "));
    if (question && question.names.length) lines.push(words.understood + " " + question.names.join("; "));
    box.textContent = "";
    lines.forEach(function (line) {
      var told = document.createElement("p");
      told.textContent = line;
      box.appendChild(told);
    });
    box.hidden = !lines.length;
    at("count").textContent = shown.length ? words.found.replace("{count}", String(shown.length)) : words.none;
  }
  function draw(now) {
    var list = at("results"), perhaps = false;
    list.textContent = "";
    shown.slice(0, upTo).forEach(function (hit) {
      if (hit.sure === 0 && !perhaps) {
        perhaps = true;
        var heading = document.createElement("h2");
        heading.textContent = words.perhaps;
        list.appendChild(heading);
      }
      var holder = document.createElement("div");
      holder.innerHTML = hit.service.html;
      var article = holder.firstElementChild, state = document.createElement("p");
      state.className = "state";
      state.textContent = [words.closed, words.unknown, words.open][openNow(hit.service, now) + 1];
      article.insertBefore(state, article.querySelector("dl"));
      list.appendChild(article);
    });
    at("more").hidden = at("all").hidden = upTo >= shown.length;
  }
  function choose(id, rows) {
    rows.forEach(function (row) {
      var option = document.createElement("option");
      option.value = row[0];
      option.textContent = row[1];
      at(id).appendChild(option);
    });
    at(id).addEventListener("change", find);
  }
  function age() {
    var days = Math.max(0, clock().days);
    at("days").textContent = " · " + data.ages[Math.min(days, data.ages.length - 1)];
  }
  function start() {
    data = JSON.parse(at("data").textContent);
    words = data.words;
    endings = new RegExp(data.endings);
    age();
    read();
    choose("area", data.areas);
    choose("kind", data.kinds);
    choose("spoken", data.languages);
    at("open").addEventListener("change", find);
    at("ask").addEventListener("submit", function (event) { event.preventDefault(); find(); });
    at("more").addEventListener("click", function () { upTo += PAGE; draw(clock()); });
    at("all").addEventListener("click", function () { upTo = shown.length; draw(clock()); });
    at("print").addEventListener("click", function () { window.print(); });
    at("filters").open = window.innerWidth > 600;
    find();
    at("ask").hidden = at("buttons").hidden = at("found").hidden = false;
  }
  try {
    start();
  } catch (error) {
    at("results").innerHTML = source;
    throw error;
  }
})();
