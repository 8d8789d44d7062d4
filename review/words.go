package review

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"driftwatch/news"
)

// Languages are those of the interface. English words are the keys of the
// catalogue; another language is one more map beside russian.
var Languages = []string{"en", "ru"}

var catalogues = map[string]map[string]string{"ru": russian}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Russian})

// languageOf is the language of the interface: the user's, else the first that the
// browser asks for and there is.
func languageOf(r *http.Request, chosen string) string {
	if slices.Contains(Languages, chosen) {
		return chosen
	}
	tags, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	_, i, _ := matcher.Match(tags...)
	return Languages[i]
}

// say is a sentence of the interface in a language.
func say(lang, key string, args ...any) string {
	if own, ok := catalogues[lang][key]; ok {
		key = own
	}
	if len(args) == 0 {
		return key
	}
	return fmt.Sprintf(key, args...)
}

// count is a sentence with a number in it. Its key holds the forms for one and for
// many, "%d story|%d stories"; Russian has three.
func count(lang, key string, n int) string { return fmt.Sprintf(plural(lang, key, n), n) }

// plural is the form of a sentence that goes with a number.
func plural(lang, key string, n int) string {
	forms := strings.Split(say(lang, key), "|")
	form := forms[len(forms)-1]
	switch {
	case len(forms) == 2 && n == 1:
		form = forms[0]
	case len(forms) == 3 && n%10 == 1 && n%100 != 11:
		form = forms[0]
	case len(forms) == 3 && n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		form = forms[1]
	}
	return form
}

// tongue is the language of a text of the rules, where that isn't the interface's: the
// built-in signals are in English, and an operator's own may be in Russian. Letters
// tell the two apart. It is empty where the text needs no mark.
func tongue(lang, text string) string {
	latin, cyrillic := 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		}
	}
	switch {
	case lang != "en" && latin > cyrillic:
		return "en"
	case lang != "ru" && cyrillic > latin:
		return "ru"
	}
	return ""
}

// t is say in the visitor's language.
func (v *visit) t(key string, args ...any) string { return say(v.lang, key, args...) }

// phrase is something that other rooms say in English, with its parts.
type phrase struct {
	form *regexp.Regexp
	says string // a key of the catalogue; where it has forms, the first part is their number
	path string
}

func phrased(form, says, path string) phrase {
	return phrase{regexp.MustCompile(`^` + form + `$`), says, path}
}

// among gives the phrase that a text is one of, and its parts; ok is false where it is
// none.
func among(phrases []phrase, text string) (p phrase, parts []string, ok bool) {
	for _, p := range phrases {
		if parts := p.form.FindStringSubmatch(text); parts != nil {
			return p, parts[1:], true
		}
	}
	return phrase{}, nil, false
}

// told is a text in the visitor's language where it is one of some phrases.
func (v *visit) told(text string, phrases []phrase) (says, path string) {
	p, parts, ok := among(phrases, text)
	if !ok {
		return text, ""
	}
	args := make([]any, len(parts))
	for i, part := range parts {
		args[i] = part
	}
	path = p.path
	if strings.Contains(path, "%s") {
		path = fmt.Sprintf(path, args...)
	}
	if strings.Contains(p.says, "|") {
		n, _ := strconv.Atoi(parts[0])
		return fmt.Sprintf(plural(v.lang, p.says, n), args...), path
	}
	return v.t(p.says, args...), path
}

var countryNames = map[string]string{"KZ": "Kazakhstan", "KG": "Kyrgyzstan", "UZ": "Uzbekistan", "TJ": "Tajikistan", "TM": "Turkmenistan", "RU": "Russia", "INT": "International"}

var languageNames = map[string]string{
	"en": "English", "ru": "Russian", "kk": "Kazakh", "ky": "Kyrgyz", "uz": "Uzbek", "tg": "Tajik", "tk": "Turkmen",
	"kaa": "Karakalpak", "uk": "Ukrainian", "tr": "Turkish", "zh": "Chinese", "fa": "Persian", "de": "German", "fr": "French",
}

var themeNames = map[news.Theme]string{
	news.ThemeSanctions: "Sanctions", news.ThemeCSTO: "CSTO", news.ThemeDecolonization: "Decolonization",
	news.ThemeDualUse: "Dual-use", news.ThemeContext: "Context",
}

// themeName is a theme for people; one of the operator's own is its id.
func themeName(lang string, id news.Theme) string {
	if name, ok := themeNames[id]; ok {
		return say(lang, name)
	}
	return string(id)
}

// scoreParts say what adds to a hit's score, or takes off it.
var scoreParts = map[string]string{"signal": "the signal itself", "lead": "at the beginning", "country": "country named with it", "status": "only an opinion",
	"repeated": "said in two places", "background": "a side remark"}

// russian is the Russian catalogue.
var russian = map[string]string{
	// frame
	"Skip to content": "К содержанию", "Desk": "Разделы", "Inbox": "Входящие", "Search": "Поиск", "Drift": "Дрейф",
	"Sources": "Источники", "Rules": "Правила", "Deliveries": "Отправки", "Silences": "Заглушки", "Audit log": "Журнал действий",
	"Users": "Пользователи", "About": "О программе", "Settings": "Настройки", "Sign out": "Выйти", "Dark": "Тёмная", "Light": "Светлая",
	"What is being read": "Что читается", "%d of %d sources read": "Прочитано источников: %d из %d", "last cycle": "последний цикл",
	"no cycle has ended yet": "ни один цикл ещё не закончен", "%s ago": "%s назад",
	"now": "сейчас", "%d min": "%d мин", "%d h": "%d ч", "%d d": "%d д",
	// getting in
	"Sign in": "Войти", "Name": "Имя", "Password": "Пароль", "Name and password don't belong together.": "Имя и пароль не подходят друг к другу.",
	"Too many tries. Wait %d minute, then try again.|Too many tries. Wait %d minutes, then try again.": "Слишком много попыток. Подождите %d минуту и попробуйте снова.|Слишком много попыток. Подождите %d минуты и попробуйте снова.|Слишком много попыток. Подождите %d минут и попробуйте снова.",
	"Make the first user":                                               "Первый пользователь",
	"This user is an admin: it can let others in.":                      "Этот пользователь — администратор: он может впустить других.",
	"A user's name has 1 to 32 of: a-z, 0-9, dot, dash, underscore, @.": "Имя состоит из 1–32 знаков: a-z, 0-9, точка, дефис, подчёркивание, @.",
	"A password has 10 to 200 characters.":                              "В пароле от 10 до 200 знаков.",
	"This link was used already, or is older than 15 minutes. While there is no user, driftwatch serve prints a new one when it starts; driftwatch user add makes a user, too.": "Эта ссылка уже использована или старше 15 минут. Пока нет ни одного пользователя, driftwatch serve при запуске печатает новую; пользователя создаёт и driftwatch user add.",
	"This link signs you in as %s.":                             "Эта ссылка впускает вас как %s.",
	"You aren't a user of this desk. Ask its admin to add you.": "Вы не пользователь этого стола. Попросите администратора добавить вас.",
	"The proxy names more than one user.":                       "Прокси называет не одного пользователя.",
	// faults
	"There is no such page.": "Такой страницы нет.", "Your role doesn't allow this.": "Ваша роль этого не позволяет.",
	"This came from another site's page, so nothing was done.": "Запрос пришёл со страницы другого сайта, поэтому ничего не сделано.",
	"That is more than the desk takes at once.":                "Это больше, чем стол принимает за раз.",
	"Something failed here; the log says what.":                "Что-то не получилось; причина в журнале программы.",
	"Story %d is a part of this one now.":                      "История %d вошла в эту.", "This is a story of its own now; it was a part of story %d.": "Теперь это отдельная история; она была частью истории %d.",
	"Nothing was flagged yet": "Пока ничего не отмечено", "Stories appear here as soon as a cycle has read some that a signal finds.": "Истории появятся здесь, как только цикл прочтёт такие, которые находит сигнал.",
	"You have no password. An admin can give you one.": "У вас нет пароля. Его может дать администратор.", "Your proxy has signed you in: sign out there.": "Вас впустил прокси: выйти можно там.",
	"Your session has ended. Sign in again.": "Ваш сеанс закончился. Войдите снова.", "What you typed": "Набранное", "It was not sent yet": "Ещё не отправлено",
	"It is kept: after signing in you can send it.": "Оно не потеряно: после входа его можно отправить.", "You are signed in again.": "Вы снова вошли.", "Send it now": "Отправить сейчас", "Leave it": "Не отправлять",
	"Back": "Назад", "Story %d is a part of another one now:": "История %d вошла в другую:", "International": "Международный", "Silence the story": "Заглушить историю", "Its messages are kept back until then. It stays in the inbox.": "Сообщения о ней до тех пор задерживаются. Во входящих она остаётся.",
	"Silenced until %s": "Заглушено до %s", "The silence has ended": "Заглушка снята", "Cancel": "Не надо", "This did not work": "Не получилось",
	// inbox
	"%d story waits for a verdict|%d stories wait for a verdict": "%d история ждёт решения|%d истории ждут решения|%d историй ждут решения",
	"you judged %d today|you judged %d today":                    "вы решили сегодня: %d|вы решили сегодня: %d|вы решили сегодня: %d",
	"Saved views": "Сохранённые виды", "+ Save this view": "+ Сохранить вид", "Name of the view": "Название вида", "Remove": "Удалить",
	"Filter the inbox": "Отбор входящих", "Search in the articles": "Поиск в статьях", "%d story|%d stories": "%d история|%d истории|%d историй",
	"nothing to choose": "нечего выбрать", "Apply": "Применить", "Clear": "Сбросить", "Stories": "Истории", "Select all on this page": "Выбрать все на странице",
	"Selected:": "Выбрано:", "Relevant": "По теме", "Not relevant": "Не по теме", "Not": "Не по теме", "Unsure": "Неясно", "%d new story": "новых историй: %d", "%d new stories": "новых историй: %d",
	"show": "показать", "Sort": "Порядок", "of": "из", "Pages": "Страницы", "Newer page": "Предыдущая страница", "Next page": "Следующая страница",
	"No story matches %s": "Нет историй: %s", "Without “%s” there is %d.|Without “%s” there are %d.": "Без «%s»: %d.|Без «%s»: %d.|Без «%s»: %d.", "Drop %s": "Убрать: %s", "Clear all": "Сбросить всё",
	"Nothing waits for you": "Ничто не ждёт решения", "Every flagged story has a verdict.": "По каждой отмеченной истории есть решение.",
	"%d source is failing, so this is not the whole picture.|%d sources are failing, so this is not the whole picture.": "%d источник не читается, картина неполная.|%d источника не читаются, картина неполная.|%d источников не читаются, картина неполная.",
	"%d left unsure|%d left unsure": "под сомнением: %d|под сомнением: %d|под сомнением: %d", "All stories": "Все истории", "Nothing here yet": "Здесь пока ничего нет",
	"All waiting": "Все ожидающие", "Left unsure": "Под сомнением", "Verdicts that differ": "Решения расходятся", "Judged": "Решённые",
	"Keyboard": "Клавиши", "next, previous": "следующая, предыдущая", "open": "открыть", "relevant": "по теме", "not": "не по теме", "irrelevant": "не по теме", "unsure": "неясно",
	"silence": "заглушить", "select": "выбрать", "undo": "отменить", "search": "поиск", "all keys": "все клавиши", "Keys": "Клавиши", "Close": "Закрыть",
	"Move": "Переход", "open, and back": "открыть и назад", "Judge": "Решение", "undo the last": "отменить последнее", "Select": "Выбор", "this story": "эту историю",
	"up to this story": "до этой истории", "all on the page": "все на странице", "none selected": "снять выбор", "none": "без направления",
	"Single keys act only outside of fields; they can be switched off in your settings.": "Одиночные клавиши действуют вне полей ввода; их можно отключить в настройках.",
	"Undo": "Отменить", "(in part)": "(частью)", "+%d outlet|+%d outlets": "+%d издание|+%d издания|+%d изданий", "differ": "расходятся", "Silence…": "Заглушить…", "Open": "Открыть", "why:": "почему:",
	"%d other hit|%d other hits": "ещё %d попадание|ещё %d попадания|ещё %d попаданий",
	"You said %s. Both are kept; the story is under “Verdicts that differ”.": "Вы сказали: %s. Оба решения сохранены; история в «Решения расходятся».",
	"Marked relevant": "Отмечено: по теме", "Marked irrelevant": "Отмечено: не по теме", "Marked unsure": "Отмечено: неясно", "Taken back": "Отменено", "All of these are judged: show the next": "Всё на странице решено: показать следующие", "All of these are judged: look for more": "Всё на странице решено: посмотреть, нет ли новых", "Judged.": "Решено.",
	"newest": "сначала новые", "level, then newest": "по уровню, затем новые", "oldest": "сначала старые", "level %s": "уровень %s", "Level": "Уровень", "of 5": "из 5", "not known": "неизвестно",
	"Theme": "Тема", "Country": "Страна", "Direction": "Направление", "Status": "Состояние дела", "Outlet": "Издание",
	"apart": "отдаление", "closer": "сближение", "mixed": "и то и другое", "contested": "оспорено", "no move": "без движения",
	"happened": "произошло", "decided": "решено", "announced": "объявлено", "proposed": "предложено", "demanded": "требуют", "opinion": "мнение", "denied": "опровергнуто",
	"old": "старое", "first-poll": "первый опрос", "background": "фон", "rules": "новые правила",
	"A view needs a name of up to 60 characters.": "Виду нужно название до 60 знаков.", "You have 50 views, which is the most. Remove one first.": "У вас 50 видов, больше нельзя. Сначала удалите один.",
	"A verdict is relevant, not relevant or unsure.": "Решение: по теме, не по теме или неясно.", "Select stories first.": "Сначала выберите истории.",
	"Up to 500 stories can be judged at once.": "За раз можно решить до 500 историй.", "There is nothing to undo.": "Отменять нечего.", "Too many pages listen.": "Слишком много открытых страниц.",
	// story
	"not flagged": "не отмечена", "first seen": "впервые", "%d article|%d articles": "%d статья|%d статьи|%d статей", "%d outlet|%d outlets": "%d издание|%d издания|%d изданий",
	"Verdict on the story": "Решение по истории", "Should have been flagged as…": "Следовало отметить как…", "Recorded as a miss.": "Записано как пропуск.",
	"Verdicts on this story differ.": "Решения по этой истории расходятся.", "Why it was flagged": "Почему отмечено",
	"%d hit, can be judged on its own|%d hits, each can be judged on its own": "%d попадание, можно решить отдельно|%d попадания, каждое можно решить отдельно|%d попаданий, каждое можно решить отдельно",
	"theme": "тема", "country": "страна", "tie to Russia": "связь с Россией", "tie": "связь", "turns the meaning": "меняет смысл", "turn": "меняет смысл",
	"Why there is this signal": "Зачем этот сигнал", "Who does it": "Кто действует", "Score": "Оценка", "Looked for": "Искали", "What was looked for, and what excludes it": "Что искали и что это исключает", "Excluded, not found": "Исключено, не найдено", "Known to take wrongly": "Известные ошибки",
	"This hit alone:": "Только это попадание:", "No signal was found in it.": "Ни один сигнал не найден.", "What was edited": "Что изменено", "version %d": "версия %d", "compare": "сравнить",
	"Title unchanged": "Заголовок не изменён", "%d paragraph unchanged|%d paragraphs unchanged": "%d абзац без изменений|%d абзаца без изменений|%d абзацев без изменений",
	"Who told it, and when": "Кто и когда сообщил", "Articles of the story": "Статьи истории", "Seen": "Увидено", "Title as printed": "Заголовок как напечатан", "Published": "Опубликовано",
	"%d article over time; the table below says which|%d articles over time; the table below says which": "%d статья по времени; таблица ниже называет её|%d статьи по времени; таблица ниже называет их|%d статей по времени; таблица ниже называет их",
	"%d version|%d versions": "%d версия|%d версии|%d версий", "About the story": "Об истории", "Verdicts and notes": "Решения и заметки", "No verdict yet.": "Решений пока нет.",
	"What should the next reader know?": "Что важно знать следующему?", "Add note": "Добавить заметку", "Named in it": "Упомянуты", "Delivered": "Отправлено", "Nobody was told of it.": "Никому не отправлено.",
	"Record a miss": "Записать пропуск", "Say as what it should have been flagged.": "Скажите, как это следовало отметить.", "added:": "добавлено:", "removed:": "удалено:",
	"story %d": "история %d", "Split off the selected": "Отделить выбранные", "Merge with story number": "Объединить с историей номер", "Merge": "Объединить",
	"Give the number of another story.": "Укажите номер другой истории.", "Select the articles that tell another story.": "Выберите статьи, которые рассказывают о другом.",
	"These are all articles of the story: nothing would be left of it.": "Это все статьи истории: от неё ничего не останется.",
	"sent": "отправлено", "pending": "ждёт", "leased": "отправляется", "failed": "не удалось",
	"head of state": "глава государства", "government": "правительство", "central or large bank": "центральный или крупный банк", "parliament": "парламент", "member of parliament or party": "депутат или партия", "company": "компания", "civil society": "гражданское общество", "foreigner": "иностранец",
	// settings, users, audit, about
	"Language": "Язык", "as the browser asks": "как просит браузер", "Time zone": "Часовой пояс", "for example Asia/Almaty; empty: the server's": "например Asia/Almaty; пусто: как у сервера",
	"Appearance": "Вид", "as the system": "как в системе", "light": "светлый", "dark": "тёмный", "Single keys act": "Действуют одиночные клавиши",
	"Save": "Сохранить", "There is no such time zone.": "Такого часового пояса нет.", "New password": "Новый пароль", "Present password": "Нынешний пароль",
	"Change password": "Сменить пароль", "Saved.": "Сохранено.", "The present password is another.": "Нынешний пароль другой.",
	"Role": "Роль", "reader": "читатель", "analyst": "аналитик", "author": "автор правил", "admin": "администратор",
	"Add a user": "Добавить пользователя", "Add": "Добавить", "There is a user of that name.": "Пользователь с таким именем есть.",
	"There is no such role.": "Такой роли нет.", "Say what is to change.": "Скажите, что изменить.", "This is the last admin.": "Это последний администратор.",
	"Since": "С", "disabled": "отключён", "enabled": "включён", "Disable": "Отключить", "Enable": "Включить", "Change": "Изменить", "State": "Состояние",
	"When": "Когда", "Who": "Кто", "What": "Что", "On": "Над чем", "Note": "Заметка", "From": "Откуда", "Older": "Раньше", "Filter": "Отобрать",
	"Export": "Выгрузить", "Nothing was done yet.": "Пока ничего не сделано.", "Nothing matches.": "Ничего не найдено.", "Who did what, and when. Nothing in it is ever changed.": "Кто, что и когда сделал. Записи никогда не меняются.",
	"Version": "Версия", "Licences": "Лицензии", "Health": "Состояние", "reading": "читается", "failing": "не читается",
	"you": "вы", "The page stands on these parts of others:": "Страница опирается на чужие части:",
	// rules
	"%d signal|%d signals": "%d сигнал|%d сигнала|%d сигналов", "%d pack|%d packs": "%d пакет|%d пакета|%d пакетов", "%d of %d tests of your packs pass": "пройдено тестов ваших пакетов: %d из %d",
	"files are the truth:": "истина в файлах:", "History": "История", "New signal": "Новый сигнал", "The files are refused; the rules before them go on": "Файлы не приняты; действуют прежние правила",
	"line %d, column %d": "строка %d, знак %d", "Line %d, column %d": "Строка %d, знак %d", "Did you mean": "Может быть,",
	"Signals and their record": "Сигналы и их итоги", "last 30 days · dashed line: the goal, 0.90 · bar: 95 % interval": "за 30 дней · пунктир: цель, 0,90 · черта: интервал 95 %",
	"Signal": "Сигнал", "Direction, level": "Направление, уровень", "Hits": "Попадания", "hits": "попаданий", "%d hit|%d hits": "%d попадание|%d попадания|%d попаданий", "Verdicts": "Решения", "Precision": "Точность", "Languages": "Языки", "Last": "Последнее",
	"%d story reported as missed|%d stories reported as missed": "пропущена %d история|пропущено %d истории|пропущено %d историй", "no miss reported": "о пропусках не сообщали",
	"no longer in the rules": "в правилах его больше нет", "%d test fails|%d tests fail": "%d тест не пройден|%d теста не пройдены|%d тестов не пройдены", "No rules can be read": "Правила не читаются",
	"Your files": "Ваши файлы", "the desk may write them": "стол может их записывать", "the desk may not write them: what you change is downloaded as a patch": "стол не может их записывать: изменения скачиваются как патч",
	"Edit": "Изменить", "Its text": "Текст", "built in": "встроено", "Its record": "Итоги", "last 30 days": "за 30 дней", "Known to be taken wrongly": "Известные ошибки", "Its tests": "Тесты",
	"every third is kept unseen while rules are tuned: its result is only counted": "каждый третий не показывается при настройке: его итог только считается",
	"match": "попадание", "no match": "мимо", "It has no tests.": "Тестов нет.", "History of the rules": "История правил",
	"each version that articles were read with, or that was saved here": "каждая версия, с которой читались статьи или которая сохранена здесь",
	"not from the desk": "не со стола", "in force": "действует", "Nothing is changed in what the rules mean, or it is the first version.": "Смысл правил не изменён, или это первая версия.",
	"Lines that changed": "Изменённые строки", "No article has been read with rules yet.": "Правилами ещё не прочитано ни одной статьи.",
	"a new file: its signals take the place of built-in ones of the same id": "новый файл: его сигналы заменяют встроенные с тем же id", "Articles are read with it from the next cycle on.": "Со следующего цикла статьи читаются с ним.",
	"Name of the file": "Имя файла", "Rules, YAML": "Правила, YAML", "It compiles.": "Собирается.", "%d of %d tests of your packs pass.": "Пройдено тестов ваших пакетов: %d из %d.",
	"Check": "Проверить", "Try on the last 30 days": "Опробовать на 30 днях", "Download patch": "Скачать патч",
	"what doesn't compile, or fails its tests, isn't saved": "что не собирается или не проходит тесты, не сохраняется", "the desk may not write rules here: give the patch to the operator": "здесь стол не записывает правила: передайте патч оператору",
	"What this would have changed": "Что бы это изменило", "last %d days": "за %d дней", "The stored articles are being read again. This page comes back by itself.": "Сохранённые статьи читаются заново. Страница обновится сама.",
	"Look now": "Посмотреть сейчас", "relevant lost": "нужных потеряно", "not relevant lost": "ненужных потеряно", "new": "новых", "gone": "исчезнет", "Nothing: the same hits are found.": "Ничего: попадания те же.",
	"Before you save": "Прежде чем сохранить", "A file of yours may hold signals and concepts. One with the id of a built-in one takes its place; “add: true” adds words to a built-in concept.": "В вашем файле могут быть сигналы и понятия. С id встроенного — заменяет его; «add: true» добавляет слова к встроенному понятию.",
	"Each language that a signal claims needs a match and a near miss among its tests.": "На каждый заявленный язык нужны в тестах попадание и близкий промах.",
	"before": "до", "after": "после", "was judged:": "решено:", "not judged yet": "ещё не решено", "still found by": "остаётся у", "precision %.2f, between %.2f and %.2f": "точность %.2f, от %.2f до %.2f", "too few verdicts": "мало решений",
	"This file is built in. Change one of its signals: a file of yours then takes the signal's place.":                   "Этот файл встроен. Измените один из его сигналов: ваш файл заменит сигнал.",
	"A file's name has 1 to 60 of a-z, 0-9, dot, dash and underscore, begins with a letter or digit, and ends in .yaml.": "Имя файла — 1–60 знаков: a-z, 0-9, точка, дефис, подчёркивание; начинается с буквы или цифры и кончается на .yaml.",
	"There is a file of that name.": "Файл с таким именем есть.", "The desk may not write rules here. Download the patch, and give it to the operator.": "Здесь стол не записывает правила. Скачайте патч и передайте оператору.",
	"Somebody has changed the file since you opened it. Nothing was saved; your text is below. Open the file anew in another window and put both together.": "Файл изменился с тех пор, как вы его открыли. Ничего не сохранено; ваш текст ниже. Откройте файл заново в другом окне и соедините оба.",
	"This try is no longer kept. Try the text again.": "Эта проба уже не хранится. Опробуйте текст снова.", "It did not come to an end; the log says why.": "Проба не закончилась; причина в журнале программы.",
	// deliveries, silences
	"%d delivery is due now; the next cycle sends it|%d deliveries are due now; the next cycle sends them": "к отправке: %d, отправит следующий цикл|к отправке: %d, отправит следующий цикл|к отправке: %d, отправит следующий цикл",
	"What waits can still be kept back": "Ожидающее ещё можно не отправлять", "What is cancelled can still be sent": "Отменённое ещё можно отправить", "%d delivery is cancelled|%d deliveries are cancelled": "отменено: %d|отменено: %d|отменено: %d",
	"Channel": "Канал", "Route": "Маршрут", "Select deliveries first.": "Сначала выберите отправки.", "Up to 500 deliveries can be changed at once.": "За раз можно изменить до 500 отправок.",
	"One of them was accepted by its channel, so nothing was changed.":                               "Одну из них канал уже принял, поэтому ничего не изменено.",
	"The message can't be shown: its channel is no longer configured, or the story has no hit left.": "Сообщение не показать: канал больше не настроен, или у истории нет попаданий.",
	"It names the deliveries below; its text is made when it is sent.":                               "Оно называет отправки ниже; текст составляется при отправке.",
	"What was sent, what waits, and what was kept back":                                              "Что отправлено, что ждёт и что задержано", "Send now": "Отправить сейчас", "Don't send": "Не отправлять", "To": "Куда", "Made": "Создано", "Sent or due": "Отправлено или срок",
	"story": "история", "digest": "сводка", "note": "записка", "more": "прочее", "update %d": "обновление %d", "silence %d": "заглушка %d", "named in %d": "названо в %d", "quiet hours": "тихие часы",
	"silenced": "заглушено", "folded": "вошло в другое", "cancelled": "отменено", "Nothing was sent yet": "Пока ничего не отправлено",
	"A message is owed as soon as a story is flagged that a route takes. Routes and channels are in the configuration.": "Сообщение появляется, когда отмечена история, которую берёт маршрут. Маршруты и каналы — в настройках программы.",
	"Delivery %d": "Отправка %d", "The message": "Сообщение", "As it is sent": "Как оно отправляется", "As it is kept": "Как оно хранится", "as the channel would send it now": "как канал отправил бы его сейчас", "Where it stands": "Что с ней", "Sent": "Отправлено", "Due": "Срок", "Attempts": "Попытки", "Receipt": "Ответ канала", "Problem": "Трудность", "It names": "Называет",
	"What they keep back isn't lost: it stands among the deliveries and can be sent later.": "Задержанное не пропадает: оно среди отправок и может быть отправлено позже.", "Only the active ones": "Только действующие", "Ended ones too": "И закончившиеся",
	"Reason": "Причина", "Until": "До", "Kept back": "Задержано", "End": "Закончить", "ended": "закончена", "active": "действует", "no longer works": "не действует", "to come": "впереди", "%s left": "осталось %s", "the signal itself": "сам сигнал", "at the beginning": "в начале", "country named with it": "страна названа рядом", "only an opinion": "только мнение", "said in two places": "сказано в двух местах", "a side remark": "замечание в стороне", "No silence is active": "Заглушек нет", "Every message that is owed goes out.": "Все сообщения уходят.",
	"Silence something": "Заглушить", "all that is given must match": "должно совпасть всё указанное", "Stories, by number": "Истории, номера", "Signals, by id": "Сигналы, id", "Sources, by id": "Источники, id", "For": "На", "or until the day": "или до дня", "Silence": "Заглушить",
	"1h": "1 час", "8h": "8 часов", "24h": "сутки", "3d": "3 дня", "7d": "неделю", "30d": "30 дней", "Story": "История",
	"“%s” is no story's number.": "«%s» — не номер истории.", "A day is written as 2031-09-01.": "День пишется как 2031-09-01.", "No source has the id “%s”.": "Источника с id «%s» нет.", "“%s” is none of the five countries.": "«%s» — не одна из пяти стран.", "No signal has the id “%s”.": "Сигнала с id «%s» нет.",
	"There is no such story.": "Такой истории нет.", "Say what is to be silenced: a theme, a country, a signal, an outlet or a story.": "Укажите, что заглушить: тему, страну, сигнал, издание или историю.",
	"A silence needs a reason, of up to 1,000 characters.": "Нужна причина, до 1000 знаков.", "A silence needs an end that is ahead, within a year.": "Нужен конец впереди, в пределах года.", "This silence has ended already.": "Эта заглушка уже закончилась.",
	// briefing, tokens
	"Briefing": "Справка", "A briefing has up to 100 stories.": "В справке до 100 историй.", "Print this page, or save it as PDF, with your browser.": "Напечатайте страницу или сохраните как PDF в браузере.",
	"Tokens of the API": "Ключи API", "a program that has one acts for you": "программа с ключом действует от вашего имени", "Copy the token now: it isn't shown again.": "Скопируйте ключ сейчас: больше он не показывается.", "Scope": "Права", "works": "действует",
	"Revoke": "Отозвать", "What is it for?": "Для чего он?", "read": "читать", "judge": "решать", "Days": "Дней", "Make a token": "Создать ключ", "A token's name has 1 to 100 characters.": "В названии ключа от 1 до 100 знаков.",
	"A token's scope is to read, to judge, or to manage.": "Права ключа: читать, решать или распоряжаться.", "manage": "распоряжаться", "A token that a token makes has no wider scope, and ends no later.": "Ключ, созданный ключом, не шире его и кончается не позже.", "A token ends within 1 to 366 days.": "Ключ действует от 1 до 366 дней.", "You have 20 tokens, which is the most. Revoke one first.": "У вас 20 ключей, больше нельзя. Сначала отзовите один.",
	// countries, languages, themes
	"Kazakhstan": "Казахстан", "Kyrgyzstan": "Кыргызстан", "Uzbekistan": "Узбекистан", "Tajikistan": "Таджикистан", "Turkmenistan": "Туркменистан", "Russia": "Россия",
	"English": "английский", "Russian": "русский", "Kazakh": "казахский", "Kyrgyz": "киргизский", "Uzbek": "узбекский", "Tajik": "таджикский", "Turkmen": "туркменский",
	"Karakalpak": "каракалпакский", "Ukrainian": "украинский", "Turkish": "турецкий", "Chinese": "китайский", "Persian": "персидский", "German": "немецкий", "French": "французский",
	"Sanctions": "Санкции", "CSTO": "ОДКБ", "Decolonization": "Деколонизация", "Dual-use": "Двойное назначение", "Context": "Фон",
}
