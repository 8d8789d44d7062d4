package news

import "cmp"

// Overall is which way each country moves by the hits of an article or a story,
// the strongest first, in the order of Countries. A country is Mixed only where two
// hits that count by themselves, neither background nor denied, point both ways, and
// each tells of an act: what is only demanded or believed counts where nothing else
// is told of the country, and there the strongest says which way. Where none points
// anywhere, what is denied counts before what is no move at all.
func Overall(hits []Hit) []Act {
	var acts []Act
	for _, c := range Countries {
		if d := overall(hits, c); d != "" {
			acts = append(acts, Act{Country: c, Direction: d})
		}
	}
	return acts
}

func overall(hits []Hit, country string) Direction {
	seen, said := map[Direction]bool{}, Direction("")
	for _, h := range hits {
		for _, a := range h.Acts {
			switch {
			case a.Country != country || h.Background:
			case !h.Status.act() && (a.Direction == Apart || a.Direction == Closer):
				said = cmp.Or(said, a.Direction)
			default:
				seen[a.Direction] = true
			}
		}
	}
	switch {
	case seen[Apart] && seen[Closer], seen[Mixed]:
		return Mixed
	case seen[Apart]:
		return Apart
	case seen[Closer]:
		return Closer
	case said != "":
		return said
	case seen[Contested]:
		return Contested
	case seen[None]:
		return None
	}
	return ""
}

// DirectionOf is the one direction of a story by its hits, the strongest first:
// mixed where one of its countries is. Where two countries move differently it is
// that of the one that the strongest hit with a move tells of; [Acts] has each.
// Where none of the hits counts by itself it is that of the first.
func DirectionOf(hits []FiledHit) Direction {
	if len(hits) == 0 {
		return None
	}
	way := map[string]Direction{}
	found := map[Direction]bool{}
	for _, a := range Acts(hits) {
		way[a.Country], found[a.Direction] = a.Direction, true
	}
	if found[Mixed] {
		return Mixed
	}
	for _, h := range hits {
		for _, a := range h.Acts {
			if d := way[a.Country]; !h.Background && (d == Apart || d == Closer) {
				return d
			}
		}
	}
	switch {
	case found[Contested]:
		return Contested
	case found[None]:
		return None
	}
	return hits[0].Direction
}

// Acts is [Overall] of the hits of a story.
func Acts(hits []FiledHit) []Act {
	all := make([]Hit, len(hits))
	for i, h := range hits {
		all[i] = h.Hit
	}
	return Overall(all)
}
