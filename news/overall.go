package news

// Overall is which way each country moves by the hits of an article or a story,
// in the order of Countries. A country is Mixed only where two hits that count
// by themselves, neither background nor denied, point both ways. Where none
// points anywhere, what is denied counts before what is no move at all.
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
	seen := map[Direction]bool{}
	for _, h := range hits {
		for _, a := range h.Acts {
			if a.Country == country && !h.Background {
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
	case seen[Contested]:
		return Contested
	case seen[None]:
		return None
	}
	return ""
}

// DirectionOf is the one direction of a story: that of its countries, mixed where
// two of them move differently. Where it has none by [Overall] it is that of the
// first hit.
func DirectionOf(hits []FiledHit) Direction {
	if len(hits) == 0 {
		return None
	}
	all := make([]Hit, len(hits))
	for i, h := range hits {
		all[i] = h.Hit
	}
	moves := map[Direction]bool{}
	for _, a := range Overall(all) {
		moves[a.Direction] = true
	}
	switch {
	case moves[Mixed], moves[Apart] && moves[Closer]:
		return Mixed
	case moves[Apart]:
		return Apart
	case moves[Closer]:
		return Closer
	case moves[Contested]:
		return Contested
	case moves[None]:
		return None
	}
	return hits[0].Direction
}
