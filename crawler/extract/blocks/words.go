package blocks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of a text, by the hashes of its letters in lower case.
type word struct {
	stem  uint32 // of the first six letters
	whole uint32
	runes int32
	first rune
}

// stemLetters is how many letters of a word tell what it is about, whatever its
// ending.
const stemLetters = 6

// nextWord gives the first word of text from at on and where it ends; -1 where
// there is none.
func nextWord(text []byte, at int) (w word, end int) {
	for {
		if at >= len(text) {
			return w, -1
		}
		r, n := runeAt(text, at)
		if isWordRune(r) {
			w = word{stem: hashSeed, whole: hashSeed, first: r}
			break
		}
		at += n
	}
	for at < len(text) {
		var r rune // in lower case
		n := 1
		switch c := text[at]; {
		case c < utf8.RuneSelf:
			if r = rune(latin[c]); r == 0 {
				return w, at
			}
		case (c == 0xd0 || c == 0xd1) && at+1 < len(text) && text[at+1]&0xc0 == 0x80:
			r, n = rune(cyrillic[c&1<<6|text[at+1]&0x3f]), 2
		default:
			if r, n = utf8.DecodeRune(text[at:]); !isWordRune(r) || r >= ideographs && w.runes > 0 {
				return w, at
			}
			r = lower(r)
		}
		w.whole = (w.whole ^ uint32(r)) * hashPrime
		w.runes++
		if w.runes <= stemLetters {
			w.stem = w.whole
		}
		at += n
		if w.first >= ideographs {
			return w, at
		}
	}
	return w, at
}

// latin and cyrillic are the letters and digits of ASCII, and the characters from
// U+0400 to U+047F, all of them letters, in lower case; 0 is none.
var (
	latin = func() (letters [utf8.RuneSelf]byte) {
		for i := range letters {
			if isWordRune(rune(i)) {
				letters[i] = byte(lower(rune(i)))
			}
		}
		return letters
	}()
	cyrillic = func() (letters [0x80]uint16) {
		for i := range letters {
			letters[i] = uint16(lower(0x400 + rune(i)))
		}
		return letters
	}()
)

// isUpper reports a capital letter.
func isUpper(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'A' && r <= 'Z'
	case r >= 0x400 && r < 0x460:
		return r < 0x430
	}
	return unicode.IsUpper(r)
}

// ideographs is where the scripts begin that write no spaces between words: each
// letter counts as a word there.
const ideographs = 0x2e80

func runeAt(text []byte, i int) (rune, int) {
	if text[i] < utf8.RuneSelf {
		return rune(text[i]), 1
	}
	return utf8.DecodeRune(text[i:])
}

func isWordRune(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	case r >= 0x400 && r < 0x530:
		return r < 0x482 || r > 0x489
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func lower(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r >= 'А' && r <= 'Я':
		return r + ('а' - 'А')
	case r >= 'а' && r <= 'џ':
		return r
	}
	return unicode.ToLower(r)
}

// hashes are the hashes of the words of a list, whole or of their stems.
func hashes(list string, stems bool) []uint32 {
	var all []uint32
	for s := range strings.FieldsSeq(list) {
		w, _ := nextWord([]byte(s), 0)
		if stems {
			all = append(all, w.stem)
		} else {
			all = append(all, w.whole)
		}
	}
	return all
}

// functionWords are words that stand in sentences and seldom in menus and lists
// of headlines, for the languages of the catalogue and of the training pages.
var functionWords = func() table[bool] {
	m := map[uint32]bool{}
	for _, h := range hashes(`
		и в во не на что он она они с со как а то это этот по но из у за от о об для до же к ко был была было были его её их который
		которая которые также при так только или после уже если бы чтобы ещё еще когда
		the of and to in a is that for it was as with be by on not he his but at are this have from or had an they which were
		been has their who will would about after than its also said
		та що не на як до від це був за з у й про який
		der die das und in zu den mit von ist sich des auf für im ein eine nicht dem als auch es an werden aus er hat dass sie nach
		bei um wird sind einer am einem wie
		le la les de des du et en un une est que qui dans pour pas sur au par plus avec il ce se sont
		el los las y del que en un una por con para es se no su al lo como más
		il di che è per una con del della non si sono alla nel
		o os um uma em que não com por mais dos das ao
		i w na z się do że nie jest to po od jak za przez dla
		ve bir bu için ile de da olarak olan daha çok ama gibi
		en het van een dat op te met zijn voor niet aan
		och att det som en på är av för med den till
		və bir bu ilə üçün da də olan
		және бұл мен да де үшін бойынша деп болып осы ол туралы кейін еді бар болды сол емес ғана бірақ
		жана бул менен үчүн боюнча деп болгон ошол ал тууралуу кийин эле бар дагы эмес бирок эмне
		va bu bilan uchun ham deb bo‘yicha esa edi keyin shu lekin yoki haqida emas bo‘lgan u
		ва бу билан учун ҳам деб бўйича эса эди кейин шу лекин ёки ҳақида эмас бўлган у
		дар аз ба ки бо барои ин ҳам аст мебошад буд то шуд худ он вале ё низ ҳамчун
		we bu bilen üçin hem diýip boýunça hakynda soňra ol bolup ýa emma däl şol`, false) {
		m[h] = true
	}
	return newTable(m)
}()

// notices are words that mark what isn't the article: one bit for each kind.
type notices uint16

const (
	noticeAlso notices = 1 << iota
	noticeComments
	noticeShare
	noticeRights
	noticeSubscribe
	noticePicture
	noticeViews
	noticeSource
	noticeAuthor
	noticeTags
	noticeAd
	noticeAccount
	noticeAddress

	noticeKinds = 13
)

var noticeWords = func() table[notices] {
	m := map[uint32]notices{}
	for kind, list := range map[notices]string{
		noticeAlso: `читайте смотрите также теме похожие материалы подробнее другие популярное related also more read
			mehr lesen thema weitere оқыңыз сондай тағы ұқсас окуңуз ошондой дагы окшош o‘qing shuningdek mavzuga ўқинг
			шунингдек мавзуга хонед инчунин монанд okaň şeýle meňzeş ссылки`,
		noticeComments:  "комментарии комментарий обсудить обсуждение отзывы comments comment reply пікірлер пікір пикир izoh izohlar изоҳ шарҳ kommentare teswir",
		noticeShare:     "поделиться поделись share facebook twitter вконтакте одноклассники whatsapp telegram бөлісу бөлісіңіз бөлүшүү ulashish улашиш мубодила paýlaş tweet",
		noticeRights:    "copyright защищены rights reserved перепечатка перепечатке гиперссылка использовании құқықтар укуктар huquqlar ҳуқуқлар ҳуқуқҳо hukuklar",
		noticeSubscribe: "подпишитесь подписаться подписывайтесь подписка рассылка subscribe newsletter abonnieren жазылыңыз жазылыңыздар obuna обуна обуна ýazylyň катталыңыз",
		noticePicture:   "фото photo foto getty images сурет сүрөт surat сурат аксҳо bild видео иллюстрация",
		noticeViews:     "просмотров просмотры views прочтений прочитано қаралды көрүүлөр ko‘rildi кўрилди",
		noticeSource:    "источник source quelle дереккөз булак manba манба манбаъ çeşme",
		noticeAuthor:    "автор авторы author von корреспондент muallif муаллиф муаллифи жазған awtor",
		noticeTags:      "теги тэги tags метки ключевые тегтер teglar теглар",
		noticeAd:        "реклама advertisement anzeige жарнама жарнак reklama реклам sponsored",
		noticeAccount:   "войти регистрация зарегистрируйтесь авторизация пароль login sign password anmelden cookies cookie javascript опечатку ошибку ctrl enter кіру кирүү kirish кириш",
		noticeAddress:   "http https www",
	} {
		for _, h := range hashes(list, true) {
			m[h] |= kind
		}
	}
	return newTable(m)
}()
