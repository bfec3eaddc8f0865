// One house style for all figures of the command line and the documentation. A kind of figure is a function that takes plain arrays and
// gives a Figure: SVG that follows the reader's light or dark pages, or a PNG. Vega draws axes and curves, and is loaded with the first one.
export type { Axis } from './axis.js'
export type { Curve } from './curve-marks.js'
export { type CurvesChart, curves, curvesPart, type Guide } from './curves.js'
export { type Dots, type DotsChart, dots } from './dots.js'
export { type Figure, figure, type Part, type Words } from './figure.js'
export { type Film, type Frame, film, filmParts } from './film.js'
export { type Gallery, gallery, galleryPart, type RowsOfPictures, rowsOfPictures } from './gallery.js'
export { type HeatMap, heatMap, type Place } from './heat-map.js'
export { type Bars, type HistogramChart, histogram, histogramPart } from './histogram.js'
export type { Picture } from './picture.js'
export type { Theme } from './theme.js'
export { type DrawnTour, type Tours, tours } from './tours.js'
