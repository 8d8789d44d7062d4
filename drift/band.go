package drift

import "gonum.org/v1/gonum/stat/distuv"

// Band is the 95 % interval of a sum of weights, where each weight stands for
// one event and how many events there are is chance: the interval of M. P. Fay
// and E. J. Feuer, Confidence intervals for directly standardized rates: a
// method based on the gamma distribution, Statistics in Medicine 16, 1997. Of
// equal weights it is Garwood's exact interval of a Poisson count. The fewer
// events carry a sum, the wider it is: one event of weight 4 gives 0.1 to 22.3,
// ten of them give 19 to 74. Of no events there is no band: 0 and 0.
func Band(weights []float64) (low, high float64) {
	var sum, square, most float64
	for _, w := range weights {
		sum, square, most = sum+w, square+w*w, max(most, w)
	}
	if sum == 0 {
		return 0, 0
	}
	return gamma(0.025, sum, square), gamma(0.975, sum+most, square+most*most)
}

// gamma is a quantile of the gamma distribution with a mean and a variance.
func gamma(p, mean, variance float64) float64 {
	return distuv.Gamma{Alpha: mean * mean / variance, Beta: mean / variance}.Quantile(p)
}
