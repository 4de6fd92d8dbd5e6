"""Names that a misspelled one may stand for: this process cannot import torch."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TENSOR_NAMES = _names(
    """
    H T abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr adjoint all allclose
    amax amin aminmax angle any arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax
    argmin argsort argwhere as_strided as_strided_scatter asin asinh atan atan2 atanh backward
    baddbmm bernoulli bfloat16 bincount bitwise_and bitwise_left_shift bitwise_not bitwise_or
    bitwise_right_shift bitwise_xor bmm bool broadcast_to byte ccol_indices cdouble ceil cfloat
    chalf char cholesky cholesky_inverse cholesky_solve chunk clamp clamp_max clamp_min clip
    clone coalesce col_indices conj conj_physical const_data_ptr contiguous copysign corrcoef
    cos cosh count_nonzero cov cpu cross crow_indices cuda cummax cummin cumprod cumsum data
    data_ptr deg2rad dense_dim dequantize det detach device diag diag_embed diagflat diagonal
    diagonal_scatter diff digamma dim dim_order dist div divide dot double dsplit dtype eig
    element_size eq equal erf erfc erfinv exp exp2 expand expand_as expm1 fix flatten flip
    fliplr flipud float float_power floor floor_divide fmax fmin fmod frac frexp gather gcd ge
    geqrf ger get_device grad grad_dtype grad_fn greater greater_equal gt half hardshrink
    hash_tensor heaviside histc histogram hsplit hypot i0 igamma igammac imag index index_add
    index_copy index_fill index_put index_reduce index_select indices inner int int_repr inverse
    ipu is_coalesced is_complex is_conj is_contiguous is_cpu is_cuda is_distributed
    is_floating_point is_inference is_ipu is_leaf is_maia is_meta is_mkldnn is_mps is_mtia
    is_neg is_nested is_nonzero is_pinned is_quantized is_same_size is_set_to is_shared
    is_signed is_sparse is_sparse_csr is_vulkan is_xla is_xpu isclose isfinite isinf isnan
    isneginf isposinf isreal istft item itemsize kron kthvalue layout lcm ldexp le lerp less
    less_equal lgamma log log10 log1p log2 log_softmax logaddexp logaddexp2 logcumsumexp logdet
    logical_and logical_not logical_or logical_xor logit logsumexp long lstsq lt lu lu_solve mH
    mT masked_fill masked_scatter masked_select matmul matrix_exp matrix_power max maximum mean
    median min minimum mm mode moveaxis movedim msort mtia mul multinomial multiply mv mvlgamma
    name nan_to_num nanmean nanmedian nanquantile nansum narrow narrow_copy nbytes ndim
    ndimension ne neg negative nelement new new_empty new_empty_strided new_full new_ones
    new_tensor new_zeros nextafter nonzero nonzero_static norm not_equal numel numpy orgqr ormqr
    outer output_nr permute pin_memory pinverse polygamma positive pow prelu prod put qr qscheme
    quantile rad2deg ravel real reciprocal record_stream register_hook
    register_post_accumulate_grad_hook reinforce relu remainder renorm repeat repeat_interleave
    requires_grad reshape reshape_as resize resize_as resolve_conj resolve_neg retain_grad
    retains_grad roll rot90 round row_indices rsqrt scatter scatter_add scatter_reduce select
    select_scatter sgn shape short sigmoid sign signbit sin sinc sinh size slice_inverse
    slice_scatter slogdet smm softmax solve sort sparse_dim sparse_mask split split_with_sizes
    sqrt square squeeze sspaddmm std stft storage storage_offset storage_type stride sub
    subtract sum sum_to_size svd swapaxes swapdims symeig t take take_along_dim tan tanh
    tensor_split tile to to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc
    to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr tolist topk trace transpose
    triangular_solve tril triu true_divide trunc type type_as unbind unflatten unfold unique
    unique_consecutive unsafe_chunk unsafe_split unsafe_split_with_sizes unsqueeze
    untyped_storage values var vdot view view_as volatile vsplit where xlogy xpu
    """
)

FUNCTION_NAMES = _names(
    """
    arange argmax argmin bernoulli bmm bool cat chunk clamp complex64 cos cumsum device diag dot
    einsum empty empty_like exp eye flatten float16 float32 float64 from_numpy full full_like
    gather get_default_dtype int32 int64 isnan linspace load log logspace manual_seed matmul max
    mean min mm multinomial nn no_grad norm normal ones ones_like optim outer permute pow prod
    rand rand_like randint randn randn_like randperm relu repeat_interleave reshape save sigmoid
    sign sin softmax sort split sqrt squeeze stack std sum tanh tensor tensordot topk transpose
    tril triu unbind unique unsqueeze var where zeros zeros_like
    """
)

MODULE_NAMES = _names(
    """
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss
    AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout AvgPool1d AvgPool2d
    AvgPool3d BCELoss BCEWithLogitsLoss BatchNorm1d BatchNorm2d BatchNorm3d Bilinear Buffer CELU
    CTCLoss ChannelShuffle CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d
    ConstantPad3d Container Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d
    CosineEmbeddingLoss CosineSimilarity CrossEntropyLoss CrossMapLRN2d DataParallel Dropout
    Dropout1d Dropout2d Dropout3d ELU Embedding EmbeddingBag FeatureAlphaDropout Flatten Fold
    FractionalMaxPool2d FractionalMaxPool3d GELU GLU GRU GRUCell GaussianNLLLoss GroupNorm
    Hardshrink Hardsigmoid Hardswish Hardtanh HingeEmbeddingLoss HuberLoss Identity
    InstanceNorm1d InstanceNorm2d InstanceNorm3d KLDivLoss L1Loss LPPool1d LPPool2d LPPool3d
    LSTM LSTMCell LayerNorm LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d
    LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d
    LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LeakyReLU Linear
    LinearCrossEntropyLoss LinearCrossEntropyOptions LocalResponseNorm LogSigmoid LogSoftmax
    MSELoss MarginRankingLoss MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d
    Mish Module ModuleDict ModuleList MultiLabelMarginLoss MultiLabelSoftMarginLoss
    MultiMarginLoss MultiheadAttention NLLLoss NLLLoss2d PReLU PairwiseDistance Parameter
    ParameterDict ParameterList PixelShuffle PixelUnshuffle PoissonNLLLoss RMSNorm RNN RNNBase
    RNNCell RNNCellBase RReLU ReLU ReLU6 ReflectionPad1d ReflectionPad2d ReflectionPad3d
    ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid SmoothL1Loss
    SoftMarginLoss Softmax Softmax2d Softmin Softplus Softshrink Softsign SyncBatchNorm Tanh
    Tanhshrink Threshold Transformer TransformerDecoder TransformerDecoderLayer
    TransformerEncoder TransformerEncoderLayer TripletMarginLoss TripletMarginWithDistanceLoss
    Unflatten Unfold UninitializedBuffer UninitializedParameter Upsample UpsamplingBilinear2d
    UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d
    """
)
