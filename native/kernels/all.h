// The algorithms, written once, on the primitives of the tier that includes them. No target-dependent code
// here.
#include "kernels/pack.h"
#include "kernels/hebbian.h"
#include "kernels/random.h"
#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/recall.h"
#include "kernels/log.h"
#include "kernels/interaction.h"
#include "kernels/lookup.h"
#include "kernels/products.h"
