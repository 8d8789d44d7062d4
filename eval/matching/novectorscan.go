//go:build !vectorscan

package main

// noVectorscan says that vectorscan isn't there to compare with.
const noVectorscan = "vectorscan isn't installed, so it isn't measured: apt-get install libvectorscan-dev"

var vectorscans []peer
