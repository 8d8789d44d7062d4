package review

import "maps"

func init() {
	for key := range russianPages {
		if _, twice := russian[key]; twice {
			panic("the Russian catalogue says twice what " + key + " is")
		}
	}
	maps.Copy(russian, russianPages)
}

// russianPages are the words of the search, the drift and the sources.
var russianPages = map[string]string{
	// problems
	"fetch %s: ": "чтение %s: ", "redirected to %s: ": "переадресация на %s: ", "connect: ": "соединение: ", "its robots.txt can't be had: ": "его robots.txt не получить: ", "status %s": "ответ %s",
	"%s is a private address": "%s — внутренний адрес", "%s is a loopback address": "%s — адрес самой машины", "%s is a link-local address": "%s — адрес местной сети",
	"port %s of %s is neither 80 nor 443 nor the source's own": "порт %s у %s — не 80, не 443 и не собственный порт источника", "no such host: %s": "такого узла нет: %s", "no whole answer came within %s": "целый ответ не пришёл за %s",
	"more than %s redirects": "переадресаций больше %s", "redirects go round in a circle": "переадресации идут по кругу", "redirected to what is no address": "переадресация на то, что не адрес", "robots.txt forbids it": "robots.txt это запрещает",
	"the host asked to be left alone": "узел просил оставить его в покое", "connection refused": "отклонено", "connection reset by peer": "разорвано другой стороной", "connection timed out": "время вышло", "no way leads there": "туда нет пути",
	", not to be asked again for %s": ", не спрашивать снова: %s",
	"Its languages":                  "Языки", "verified": "проверен", "unverified": "не проверен", "unverified:": "не проверены:",
	"verified: a test in the language is passed by terms from texts of native writers alone": "проверен: тест на этом языке проходят одни слова из текстов носителей",
	"Missed by it": "Пропущено ею", "any signal of the theme": "любой сигнал темы", "End sessions": "Завершить сеансы",
	"In the list": "В списке", "previous": "предыдущая", "next": "следующая",
	"Of %d somebody says something else; both are kept, under “Verdicts that differ”.|Of %d others say something else; both are kept, under “Verdicts that differ”.": "О %d кто-то говорит иное; хранятся оба решения, в «Решения расходятся».|О %d другие говорят иное; хранятся все решения, в «Решения расходятся».|О %d другие говорят иное; хранятся все решения, в «Решения расходятся».",
	"%d more line, as a file|%d more lines, as a file": "Ещё %d строка — файлом|Ещё %d строки — файлом|Ещё %d строк — файлом",
	// about
	"well": "всё в порядке", "something needs a look": "кое-что требует внимания", "nothing is being read": "ничего не читается", "Last cycle": "Последний цикл", "has not ended": "не закончился",
	"in English:": "сообщение по-английски:", "the feed lists nothing": "в ленте нет записей", "the feed lists nothing; before: %s": "в ленте нет записей, раньше было: %s", "it lists nothing": "там нет записей", "cancelled by %s": "отменено: %s",
	"%.0f s": "%.0f с", "%d source failed|%d sources failed": "%d не прочитан|%d не прочитаны|%d не прочитано", "%d source polled|%d sources polled": "опрошен %d источник|опрошено %d источника|опрошено %d источников", "It says": "Сообщает", "%d waits|%d wait": "%d ждёт|%d ждут|%d ждут", "%d failed|%d failed": "%d не удалась|%d не удались|%d не удались",
	"Database": "База данных", "%s free": "свободно %s", "%d MB": "%d МБ", "%d GB": "%d ГБ", "their texts": "их тексты",
	"The first one, as it would be read": "Первая запись, как она читалась бы", "%d byte of text|%d bytes of text": "%d байт текста|%d байта текста|%d байт текста",
	"What was sent can't be read.": "Отправленное не читается.", "Articles that can be found": "Статьи, которые можно найти",
	// article
	"text and copies": "текст и копии", "Copy %d as it was received": "Копия %d, как она получена", "shown as text: nothing of it runs": "показана как текст: ничто в ней не выполняется", "As a text file": "Файлом",
	"What is read from it": "Что из неё читается", "Its HTML": "Её HTML", "the beginning; the file has all of it": "начало; в файле — всё", "The text as it was read": "Текст, как он прочитан", "Versions and copies": "Версии и копии",
	"Versions": "Версии", "Archived copies": "Копии в архиве", "copy %d": "копия %d", "status": "ответ", "What later looks found": "Что нашли при повторных просмотрах",
	"No page of it is kept: it could not be fetched, its source has no pages, or the archive is switched off.": "Страница не сохранена: её не удалось получить, у источника нет страниц или архив выключен.",
	"This copy can't be read: the archive's file is gone or damaged. The log says more.":                       "Копию нельзя прочесть: файла архива нет или он повреждён. Подробности в журнале программы.",
	"edited": "изменено", "title changed": "изменён заголовок", "taken down": "снято", "restored": "возвращено",
	// audit
	"anything": "что угодно", "signed in": "вход", "failed to sign in": "неудачный вход", "signed out": "выход", "judged": "решение", "took a verdict back": "отмена решения", "wrote a note": "заметка",
	"recorded a miss": "запись пропуска", "split a story": "разделение истории", "merged stories": "объединение историй", "made a silence": "заглушка", "ended a silence": "конец заглушки",
	"had a message sent now": "отправка сейчас", "cancelled a message": "отмена отправки", "looked at an address": "просмотр адреса", "added a source": "добавление источника", "added sources from OPML": "загрузка OPML",
	"polled a source": "опрос источника", "paused a source": "приостановка источника", "resumed a source": "возобновление источника", "saved rules": "сохранение правил", "made a token": "создание ключа", "revoked a token": "отзыв ключа",
	"added a user": "добавление пользователя", "changed a role": "смена роли", "changed a password": "смена пароля", "disabled a user": "отключение пользователя", "enabled a user": "включение пользователя", "ended a user's sessions": "завершение сеансов",
	"story %s": "история %s", "stories %s": "истории %s", "hit %s": "попадание %s", "user %s": "пользователь %s", "token %s of %s": "ключ %s, владелец %s", "token %s": "ключ %s", "silence %s": "заглушка %s", "delivery %s": "отправка %s",
	"deliveries %s": "отправки %s", "rules %s": "правила %s", "%s article is story %s now|%s articles are story %s now": "%s статья стала историей %s|%s статьи стали историей %s|%s статей стали историей %s", "story %s is a part of it": "история %s вошла в неё", "%s added": "добавлено: %s",
	"%s new article|%s new articles": "%s новая статья|%s новые статьи|%s новых статей", "version %s": "версия %s", "first user, admin": "первый пользователь, администратор", "by token %s": "ключом %s",
	// reading
	"The stories are being read": "Истории читаются", "Stories that were read": "Прочитанные истории",
	"%d %% of them so far. The first start of a new version and the first one on a slow disk take longest; this page shows itself when it can.": "Прочитано %d %%. Дольше всего — первый запуск новой версии и первый запуск на медленном диске; страница откроется сама.",
	// search
	"Open in the rule editor": "Открыть в редакторе правил", "checked there as rules check does": "проверяется там теми же проверками",
	"every stored article, in all forms of a word, all languages and scripts": "все сохранённые статьи: слово находит свои формы, на всех языках и в обоих письмах",
	"Words to look for": "Слова для поиска", "in the rules’ language": "на языке правил", "Found": "Найдено",
	"%d article is not indexed yet and can’t be found|%d articles are not indexed yet and can’t be found": "%d статья ещё не внесена в указатель и не находится|%d статьи ещё не внесены в указатель и не находятся|%d статей ещё не внесены в указатель и не находятся",
	"of the latest %d articles that may match|of the latest %d articles that may match":                   "из последней %d статьи, которая может подойти|из последних %d статей, которые могут подойти|из последних %d статей, которые могут подойти",
	"at the outlet": "в издании", "What are you looking for?": "Что вы ищете?",
	"A word finds all its forms; quotes keep words together; a minus leaves out; a star stands for any ending.":                        "Слово находит все свои формы; кавычки держат слова вместе; минус исключает; звёздочка — любое окончание.",
	"Fewer words find more. A word finds all its forms; quotes keep words together; a minus leaves out; a star stands for any ending.": "Чем меньше слов, тем больше найдётся. Слово находит все свои формы; кавычки держат слова вместе; минус исключает; звёздочка — любое окончание.",
	"As the draft of a signal": "Черновик сигнала", "Month": "Месяц",
	"In a file of your themes: say what is left empty, and give it tests.": "В файле своих тем впишите то, что оставлено пустым, и добавьте проверки.",
	// drift
	"both directions, side by side; never one minus the other": "оба направления рядом, без вычитания", "What to show": "Что показать", "Span": "Срок", "All themes": "Все темы",
	"%d week|%d weeks": "%d неделя|%d недели|%d недель", "Figures appear with the first cycle that reads something. Where older weeks are known, a longer span shows them.": "Числа появятся с первым циклом, который что-то прочтёт. Если известны прежние недели, их покажет больший срок.",
	"Last four weeks": "Последние четыре недели", "both sums of each country": "обе суммы каждой страны",
	"The five countries placed roughly as on a map, each with both sums. The same figures stand in the rows below.": "Пять стран примерно как на карте, у каждой обе суммы. Те же числа — в строках ниже.",
	"How to read it": "Как читать", "above the line": "над чертой", "below the line": "под чертой",
	"fewer than 8 in 10 sources read: a low bar may mean silence, not calm": "прочитано меньше 8 из 10 источников: низкий столбец может значить молчание, а не покой",
	"Each story counts once for a country and week, however many outlets tell it: its severity (1–5) × how far it has come (happened 1, decided or announced 0.8, proposed or demanded 0.5, opinion 0.25). What an analyst called not relevant doesn’t count, nor does what is denied. One signal and direction adds at most three stories a week.": "Каждая история считается для страны и недели один раз, сколько бы изданий о ней ни писало: тяжесть (1–5) × как далеко зашло (произошло 1, решено или объявлено 0,8, предложено или требуют 0,5, мнение 0,25). Что аналитик счёл не по теме и что опровергнуто, не считается. Один сигнал одного направления даёт не больше трёх историй в неделю.",
	"The two sums are never netted: a country can trade more with Russia and leave its drills in the same week. “Usual” is the mean of four weeks over the weeks before. The band is where the sum would lie in 95 of 100 such weeks.":                                                                                                              "Суммы не вычитаются: за одну неделю страна может и больше торговать с Россией, и уйти с её учений. «Обычно» — среднее за четыре недели по прежним неделям. Полоса — где сумма была бы в 95 из 100 таких недель.",
	"The method in full is in docs/drift.md.": "Метод целиком — в docs/drift.md.", "The figures as a table": "Числа таблицей", "Week by week": "По неделям",
	"sums at the left: last four weeks, at the themes: all weeks shown; all countries in one scale, themes in another": "слева суммы за четыре недели, при темах — за все показанные; все страны в одном масштабе, темы в другом", "usual: %s and %s": "обычно: %s и %s",
	"%d week with few sources read|%d weeks with few sources read": "%d неделя, когда прочитано мало источников|%d недели, когда прочитано мало источников|%d недель, когда прочитано мало источников",
	"all weeks read in full": "все недели прочитаны", "last week": "последняя неделя", "Figures in the table below.": "Числа в таблице ниже.",
	"the events behind the two bars": "события за двумя столбцами", "Few sources were read in this week.": "В эту неделю прочитано мало источников.", "Event": "Событие", "Severity": "Тяжесть", "Adds": "Даёт",
	"over the cap": "сверх предела", "apart rests on %s story|apart rests on %s stories": "отдаление держится на %s истории|отдаление держится на %s историях|отдаление держится на %s историях",
	"closer rests on %s story|closer rests on %s stories": "сближение держится на %s истории|сближение держится на %s историях|сближение держится на %s историях",
	"apart rests on %s: %s without it":                    "отдаление держится на %s: без него %s", "closer rests on %s: %s without it": "сближение держится на %s: без него %s", "%s denied story counts for nothing|%s denied stories count for nothing": "%s опровергнутая история не считается|%s опровергнутые истории не считаются|%s опровергнутых историй не считаются",
	"nothing was read then": "тогда ничего не читалось", "only %s %% of the sources were read": "прочитано лишь %s %% источников", "Nothing moved in this week.": "В эту неделю ничего не сдвинулось.", "The events behind a week": "События недели",
	"Choose a bar above, or a week in the table.": "Выберите столбец выше или неделю в таблице.", "The weeks in figures": "Недели в числах", "Week": "Неделя", "few sources read": "прочитано мало источников",
	// sources
	"%d source|%d sources": "%d источник|%d источника|%d источников", "%d article today|%d articles today": "сегодня %d статья|сегодня %d статьи|сегодня %d статей", "Add a source": "Добавить источник", "OPML out": "Выгрузить OPML", "OPML in": "Загрузить OPML",
	"Put this below sources: in the configuration": "Впишите это под sources: в настройках", "Put this into the file of sources by hand": "Впишите это в файл источников вручную", "It names no file of sources that the desk could write to.": "Настройки не называют файла источников, в который стол мог бы писать.",
	"What would be read": "Что будет читаться", "Nothing there could be read as a list of articles.": "Там нет ничего, что читалось бы как список статей.", "%d item|%d items": "%d запись|%d записи|%d записей",
	"no item would be flagged by its own words": "по своим словам не отметится ни одна запись", "Needs a hand": "Нужна помощь", "no news from these is not no drift": "нет новостей отсюда — не значит нет дрейфа",
	"All others": "Все остальные", "All sources": "Все источники", "grey band: the usual range": "серая полоса: обычный размах", "Name or host": "Название или сайт", "any state": "любое состояние",
	"nothing is saved before you have seen what would be read": "ничего не сохраняется, пока вы не увидели, что будет читаться", "Address of a feed, a sitemap, a section page or a channel": "Адрес ленты, карты сайта, раздела или канала",
	"Look": "Посмотреть", "Only public addresses on ports 80 and 443; robots are obeyed for this look too. It takes up to a minute.": "Только открытые адреса, порты 80 и 443; robots.txt соблюдается и здесь. Это занимает до минуты.",
	"the feeds of a feed reader, up to 1 MB": "ленты программы чтения, до 1 МБ", "OPML file": "Файл OPML", "Add its feeds": "Добавить его ленты", "Source": "Источник", "Last good poll": "Последний удачный опрос",
	"Items a day, 30 days": "Записей в день, 30 дней", "Today": "Сегодня", "What happened": "Что случилось", "Outlet, pace": "Издание, темп", "Next": "Далее", "Do": "Действия", "never": "никогда",
	"%d a day expected": "ожидается %d в день", "%s a day seen": "замечено %s в день", "%s a day seen, %d expected": "замечено %s в день, ожидается %d",
	"items a day, 30 days: %d at first, %d today": "записей в день, 30 дней: сначала %d, сегодня %d", "paused by %s": "приостановил(а) %s", "%d time in a row|%d times in a row": "%d раз подряд|%d раза подряд|%d раз подряд",
	"%d item listed|%d items listed": "в списке %d запись|в списке %d записи|в списке %d записей", "not said": "не указан", "every %s": "раз в %s", "Poll now": "Опросить сейчас", "Poll": "Опросить", "Resume": "Возобновить", "Pause": "Приостановить",
	"state": "государственное", "private": "частное", "public": "общественное", "public-foreign": "из-за рубежа", "official": "официальное", "thinktank": "аналитический центр", "exile": "в изгнании",
	"feed": "лента", "site": "сайт", "sitemap": "карта сайта", "telegram": "телеграм-канал",
	"not polled yet": "не опрошен", "no items": "нет записей", "off": "выключен", "paused": "приостановлен",
	"There is no feed in this file.": "В этом файле нет лент.", "A source needs one of the countries, or INT.": "Источнику нужна одна из стран или INT.", "Choose an OPML file first.": "Сначала выберите файл OPML.", "%d added, %d known already.": "Добавлено: %d, уже было: %d.",
	"a cycle is under way; try again when it has ended": "идёт цикл; попробуйте, когда он закончится", "this is no address of a page or feed: it must begin with http:// or https://": "это не адрес страницы или ленты: он начинается с http:// или https://",
	"others are looking at addresses; try again in a minute": "адреса сейчас смотрят другие; попробуйте через минуту", "look at the address first": "сначала посмотрите адрес", "the source %s reads this already": "это уже читает источник %s",
	"the list has %s new feeds; the desk adds up to %s at once, driftwatch sources import more": "в списке %s новых лент; стол добавляет до %s за раз, больше — driftwatch sources import",
	"%s was added to the file of sources. The next cycle polls it.":                             "%s добавлен в файл источников. Его опросит следующий цикл.",
}
