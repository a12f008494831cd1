// Compiled for processors with AVX-512 (sim/CMakeLists.txt).
#define EIGEN_STACK_ALLOCATION_LIMIT (2 * 1024 * 1024) // packing takes no memory from the heap
#define EIGEN_FAST_MATH 0 // square roots round alike wherever memory lies
#define Eigen EigenOfAvx512
#define APICAL_KERNELS of_avx512
#include "sim/network/product_kernel-inl.h"
