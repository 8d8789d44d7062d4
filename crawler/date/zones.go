package date

// zones are the abbreviations met in feeds, in minutes east of Greenwich. The
// American ones are RFC 822's.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"bst": 60, "west": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180,
	"msk": 180, "мск": 180, "msd": 240, "trt": 180, "amt": 240, "azt": 240, "samt": 240,
	"uzt": 300, "tjt": 300, "tmt": 300, "yekt": 300, "almt": 300, "kgt": 360, "omst": 360,
}
