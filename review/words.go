package review

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

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

// t is say in the visitor's language.
func (v *visit) t(key string, args ...any) string { return say(v.lang, key, args...) }

var countryNames = map[string]string{"KZ": "Kazakhstan", "KG": "Kyrgyzstan", "UZ": "Uzbekistan", "TJ": "Tajikistan", "TM": "Turkmenistan", "RU": "Russia"}

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
	"Sign in": "Вход", "Name": "Имя", "Password": "Пароль", "Name and password don't belong together.": "Имя и пароль не подходят друг к другу.",
	"Too many tries. Wait %d minutes, then try again.":                  "Слишком много попыток. Подождите %d мин и попробуйте снова.",
	"Make the first user":                                               "Первый пользователь",
	"This user is an admin: it can let others in.":                      "Этот пользователь — администратор: он может впустить других.",
	"A user's name has 1 to 32 of: a-z, 0-9, dot, dash, underscore, @.": "Имя состоит из 1–32 знаков: a-z, 0-9, точка, дефис, подчёркивание, @.",
	"A password has 10 to 200 characters.":                              "В пароле от 10 до 200 знаков.",
	"This link was used already, or is older than 15 minutes.":          "Эта ссылка уже использована или старше 15 минут.",
	"This link signs you in as %s.":                                     "Эта ссылка впускает вас как %s.",
	"You aren't a user of this desk. Ask its admin to add you.":         "Вы не пользователь этого стола. Попросите администратора добавить вас.",
	// faults
	"There is no such page.": "Такой страницы нет.", "Your role doesn't allow this.": "Ваша роль этого не позволяет.",
	"This came from another site's page, so nothing was done.":                                       "Запрос пришёл со страницы другого сайта, поэтому ничего не сделано.",
	"That is more than the desk takes at once.":                                                      "Это больше, чем стол принимает за раз.",
	"Something failed here; the log says what. What you typed is still in the page before this one.": "Что-то не получилось; причина в журнале программы. Набранное осталось на предыдущей странице.",
	"Back": "Назад", "This did not work": "Не получилось",
	// inbox
	"%d story waits for a verdict|%d stories wait for a verdict": "%d история ждёт решения|%d истории ждут решения|%d историй ждут решения",
	"you judged %d today|you judged %d today":                    "вы решили сегодня: %d|вы решили сегодня: %d|вы решили сегодня: %d",
	"Saved views": "Сохранённые виды", "+ Save this view": "+ Сохранить вид", "Name of the view": "Название вида", "Remove": "Удалить",
	"Filter the inbox": "Отбор входящих", "Search in the titles": "Поиск в заголовках", "%d story|%d stories": "%d история|%d истории|%d историй",
	"nothing to choose": "нечего выбрать", "Apply": "Применить", "Clear": "Сбросить", "Stories": "Истории", "Select all on this page": "Выбрать все на странице",
	"Selected:": "Выбрано:", "Relevant": "По теме", "Not relevant": "Не по теме", "Not": "Нет", "Unsure": "Не уверен(а)", "%d new story": "новых историй: %d", "%d new stories": "новых историй: %d",
	"show": "показать", "Sort": "Порядок", "of": "из", "Pages": "Страницы", "Newer page": "Предыдущая страница", "Next page": "Следующая страница",
	"No story matches %s": "Нет историй: %s", "Without “%s” there is %d.|Without “%s” there are %d.": "Без «%s»: %d.|Без «%s»: %d.|Без «%s»: %d.", "Drop %s": "Убрать: %s", "Clear all": "Сбросить всё",
	"Nothing waits for you": "Ничто не ждёт решения", "Every flagged story has a verdict.": "По каждой отмеченной истории есть решение.",
	"%d source is failing, so this is not the whole picture.|%d sources are failing, so this is not the whole picture.": "%d источник не читается, картина неполная.|%d источника не читаются, картина неполная.|%d источников не читаются, картина неполная.",
	"%d left unsure|%d left unsure": "под сомнением: %d|под сомнением: %d|под сомнением: %d", "All stories": "Все истории", "Nothing here yet": "Здесь пока ничего нет",
	"All waiting": "Все ожидающие", "Left unsure": "Под сомнением", "Verdicts that differ": "Решения расходятся", "Judged": "Решённые",
	"Keyboard": "Клавиши", "next, previous": "следующая, предыдущая", "open": "открыть", "relevant": "по теме", "not": "не по теме", "irrelevant": "не по теме", "unsure": "не уверен(а)",
	"silence": "заглушить", "select": "выбрать", "undo": "отменить", "search": "поиск", "all keys": "все клавиши", "Keys": "Клавиши", "Close": "Закрыть",
	"Move": "Переход", "open, and back": "открыть и назад", "Judge": "Решение", "undo the last": "отменить последнее", "Select": "Выбор", "this story": "эту историю",
	"up to this story": "до этой истории", "all on the page": "все на странице", "none selected": "снять выбор", "none": "без направления",
	"Single keys act only outside of fields; they can be switched off in your settings.": "Одиночные клавиши действуют вне полей ввода; их можно отключить в настройках.",
	"Undo": "Отменить", "(in part)": "(частью)", "+%d outlet|+%d outlets": "+%d издание|+%d издания|+%d изданий", "differ": "расходятся", "Silence…": "Заглушить…", "Open": "Открыть", "why:": "почему:",
	"%d other hit|%d other hits": "ещё %d попадание|ещё %d попадания|ещё %d попаданий",
	"You said %s. Both are kept; the story is under “Verdicts that differ”.": "Вы сказали: %s. Оба решения сохранены; история в «Решения расходятся».",
	"Marked relevant": "Отмечено: по теме", "Marked irrelevant": "Отмечено: не по теме", "Marked unsure": "Отмечено: не уверен(а)", "Taken back": "Отменено", "Judged.": "Решено.",
	"newest": "сначала новые", "level, then newest": "по уровню, затем новые", "oldest": "сначала старые", "level %s": "уровень %s", "Level": "Уровень", "of 5": "из 5", "not known": "неизвестно",
	"Theme": "Тема", "Country": "Страна", "Direction": "Направление", "Status": "Состояние дела", "Outlet": "Издание",
	"apart": "отдаление", "closer": "сближение", "mixed": "и то и другое", "contested": "оспорено", "no move": "без движения",
	"happened": "произошло", "decided": "решено", "announced": "объявлено", "proposed": "предложено", "demanded": "требуют", "opinion": "мнение", "denied": "опровергнуто",
	"old": "старое", "first-poll": "первый опрос", "background": "фон", "rules": "новые правила",
	"A view needs a name of up to 60 characters.": "Виду нужно название до 60 знаков.", "You have 50 views, which is the most. Remove one first.": "У вас 50 видов, больше нельзя. Сначала удалите один.",
	"A verdict is relevant, not relevant or unsure.": "Решение: по теме, не по теме или не уверен(а).", "Select stories first.": "Сначала выберите истории.",
	"Up to 500 stories can be judged at once.": "За раз можно решить до 500 историй.", "There is nothing to undo.": "Отменять нечего.", "Too many pages listen.": "Слишком много открытых страниц.",
	// story
	"not flagged": "не отмечена", "first seen": "впервые", "%d article|%d articles": "%d статья|%d статьи|%d статей", "%d outlet|%d outlets": "%d издание|%d издания|%d изданий",
	"Verdict on the story": "Решение по истории", "Should have been flagged as…": "Следовало отметить как…", "Recorded as a miss.": "Записано как пропуск.",
	"Verdicts on this story differ.": "Решения по этой истории расходятся.", "Why it was flagged": "Почему отмечено",
	"%d hit, can be judged on its own|%d hits, each can be judged on its own": "%d попадание, можно решить отдельно|%d попадания, каждое можно решить отдельно|%d попаданий, каждое можно решить отдельно",
	"theme": "тема", "country": "страна", "tie to Russia": "связь с Россией", "tie": "связь", "turns the meaning": "меняет смысл", "turn": "меняет смысл", "Hit": "Попадание",
	"Why there is this signal": "Зачем этот сигнал", "Who does it": "Кто действует", "Score": "Оценка", "Looked for": "Искали", "Excluded, not found": "Исключено, не найдено", "Known to take wrongly": "Известные ошибки",
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
	"There is no such role.": "Такой роли нет.", "This is the last admin.": "Это последний администратор.",
	"Since": "С", "disabled": "отключён", "active": "активен", "Disable": "Отключить", "Enable": "Включить", "Change": "Изменить", "State": "Состояние",
	"When": "Когда", "Who": "Кто", "What": "Что", "On": "Над чем", "Note": "Заметка", "From": "Откуда", "Older": "Раньше", "Filter": "Отобрать",
	"Export": "Выгрузить", "Nothing was done yet.": "Пока ничего не сделано.", "Nothing matches.": "Ничего не найдено.", "Who did what, and when. Nothing in it is ever changed.": "Кто, что и когда сделал. Записи никогда не меняются.",
	"Version": "Версия", "Licences": "Лицензии", "Health": "Состояние", "reading": "читаются", "failing": "не читаются",
	"you": "вы", "The page stands on these parts of others:": "Страница опирается на чужие части:",
	// countries, languages, themes
	"Kazakhstan": "Казахстан", "Kyrgyzstan": "Кыргызстан", "Uzbekistan": "Узбекистан", "Tajikistan": "Таджикистан", "Turkmenistan": "Туркменистан", "Russia": "Россия",
	"English": "английский", "Russian": "русский", "Kazakh": "казахский", "Kyrgyz": "киргизский", "Uzbek": "узбекский", "Tajik": "таджикский", "Turkmen": "туркменский",
	"Karakalpak": "каракалпакский", "Ukrainian": "украинский", "Turkish": "турецкий", "Chinese": "китайский", "Persian": "персидский", "German": "немецкий", "French": "французский",
	"Sanctions": "Санкции", "CSTO": "ОДКБ", "Decolonization": "Деколонизация", "Dual-use": "Двойное назначение", "Context": "Фон",
}
