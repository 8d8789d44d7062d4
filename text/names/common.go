package names

import (
	"strings"

	"driftwatch/text"
)

// common are words that tell nobody apart: a name of such words alone is held
// back. They are what companies and bodies are called everywhere, and everyday
// words that are also names.
var common = commonWords(`
	bank trade trading company companies group holding holdings center centre international national general global
	service services industry industries industrial technology technologies tech system systems invest investment
	investments capital finance financial fund insurance transport logistics shipping marine energy oil gas power
	electric electronics electronic export import construction building engineering development solutions partners
	consulting management media press news house home land world east west north south central asia europe new old
	first second one great big star sun moon sea ocean river mountain city state republic federal federation union
	party front movement army police guard security defence defense space air food medical health education university
	institute school college research science scientific production plant factory works mining metal metals steel gold
	silver diamond chemical pharma auto motor motors cars ltd llc inc corp corporation limited joint stock jsc ojsc cjsc
	plc gmbh co sa the of and for in on to by at from with al el la le de hope faith victory peace freedom spring summer
	autumn winter morning evening light dark red blue green white black golden unity progress future success may will
	rose grace august june april january march monday friday court office department ministry agency committee council
	ооо оао зао пао ао тоо осоо фгуп ип общество ограниченной ответственностью акционерное открытое закрытое публичное
	банк торговый торговая компания группа холдинг центр международный международная национальный национальная
	государственный государственная общий общая сервис услуги промышленность промышленный технология технологии система
	системы инвестиции капитал финансы фонд страхование транспорт логистика энергия нефть газ электроника экспорт импорт
	строительство строитель развитие решения партнер партнеры консалтинг управление медиа пресса новости дом земля мир
	восток запад север юг центральный азия европа новый новая первый первая большой звезда солнце луна море океан река
	гора город республика федерация союз партия фронт движение армия полиция оборона космос воздух медицина здоровье
	образование университет институт школа колледж наука научный научно исследовательский производство производственное
	завод фабрика комбинат металл сталь золото химия авто машины имени предприятие организация ассоциация агентство
	министерство комитет совет отдел служба надежда вера любовь победа свобода весна лето осень зима утро вечер свет
	красный синий зеленый белый черный золотой единство прогресс будущее успех и в на по для из с от
	жауапкершілігі шектеулі серіктестігі акционерлік қоғамы қоғам компаниясы орталығы орталық ұлттық мемлекеттік
	халықаралық қоры қор зауыты зауыт университеті институты мектебі сауда даму әлем жаңа бірінші үлкен қала республикасы
	одағы партиясы министрлігі комитеті қызметі және бақыт арман сенім үміт жеңіс бостандық
	коому коом борбору борбор улуттук мамлекеттик эл аралык фонду заводу университети институту мектеби соода өнүктүрүү
	дүйнө жаңы биринчи чоң шаар республикасы биримдиги министрлиги комитети кызматы жана бакыт үмүт жеңиш эркиндик
	jamiyati kompaniyasi markazi markaz milliy davlat xalqaro jamgʻarmasi zavodi universiteti instituti maktabi savdo
	rivojlanish dunyo yangi birinchi katta shahar respublikasi ittifoqi vazirligi qoʻmitasi xizmati va baxt umid gʻalaba
	ширкати маркази марказ миллӣ давлатӣ байналмилалӣ бонки бонк хазинаи донишгоҳи донишкадаи мактаби савдо рушди ҷаҳон
	нав якум бузурги шаҳри ҷумҳурии иттиҳоди вазорати кумитаи хадамоти ва умед ғалаба озодӣ
	jemgyýeti kompaniýasy merkezi milli döwlet halkara gaznasy zawody uniwersiteti instituty mekdebi söwda ösüş dünýä
	täze birinji uly şäher respublikasy ministrligi komiteti gullugy we umyt ýeňiş azatlyk`)

func commonWords(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[text.Fold(w)] = true
	}
	return set
}
