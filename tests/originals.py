"""What the originals of the zoo have at full size: trainable parameters, as `numel` counts them in their own code.

Each was built once by what its row says; nnU-Net's with instance norms, leaky ReLUs, `conv_bias=True` and three classes
in 3D, two in 2D. A difference to ours is named.
"""

from __future__ import annotations

from typing import Final

__all__ = ["NEVER_USED", "ORIGINALS"]

NEVER_USED: Final = {"mednext-s": 1}
"""Parameters of an original that its `forward` never touches."""

ORIGINALS: Final = {
    "attention-unet": (34_878_573, "LeeJunHyun/Image_Segmentation", "AttU_Net()"),
    "attention-unet-3d": (
        6_214_151,
        "ozan-oktay/Attention-Gated-Networks",
        "unet_CT_single_att_dsv_3D(feature_scale=4, n_classes=4, in_channels=1)",
    ),
    "brain-segmentation-unet": (7_763_041, "mateuszbuda/brain-segmentation-pytorch", "UNet(3, 1, 32)"),
    "fc-densenet103": (9_322_348, "bfortuner/pytorch_tiramisu", "FCDenseNet103(12)"),
    "fc-densenet57": (1_376_988, "bfortuner/pytorch_tiramisu", "FCDenseNet57(12)"),
    "fepegar-unet-2d": (36_956_162, "fepegar/unet 0.8.1", "UNet2D(padding=1, normalization='batch')"),
    "fepegar-unet-3d": (19_071_362, "fepegar/unet 0.8.1", "UNet3D()"),
    "jvanvugt-unet": (
        28_953_474,
        "jvanvugt/pytorch-unet",
        "UNet(1, 2, 5, 6, padding=True, batch_norm=True, up_mode='upsample')",
    ),
    "lee-unet": (34_527_041, "LeeJunHyun/Image_Segmentation", "U_Net()"),
    "linknet": (11_535_957, "e-lab/pytorch-linknet", "LinkNetBase(21)"),
    "mednext-s": (5_550_948, "MIC-DKFZ/MedNeXt", "create_mednext_v1(1, 3, 'S', 3)"),
    "milesial-unet": (31_037_698, "milesial/Pytorch-UNet", "UNet(3, 2, bilinear=False)"),
    "milesial-unet-bilinear": (17_263_042, "milesial/Pytorch-UNet", "UNet(3, 2, bilinear=True)"),
    "monai-attentionunet": (
        31_739_250,
        "MONAI 1.6.1",
        "AttentionUnet(2, 1, 2, (64, 128, 256, 512, 1024), (2, 2, 2, 2))",
    ),
    "monai-basicunet": (5_749_410, "MONAI 1.6.1", "BasicUNet()"),
    "monai-basicunet-pp": (6_979_976, "MONAI 1.6.1", "BasicUNetPlusPlus()"),
    "monai-dynunet": (31_192_068, "MONAI 1.6.1", "DynUNet(3, 4, 4, [3] * 6, [1] + [2] * 5, [2] * 5)"),
    "monai-dynunet-residual": (
        31_421_764,
        "MONAI 1.6.1",
        "DynUNet(3, 4, 4, [3] * 6, [1] + [2] * 5, [2] * 5, res_block=True)",
    ),
    "monai-unet": (1_979_610, "MONAI 1.6.1", "UNet(3, 1, 2, (16, 32, 64, 128, 256), (2, 2, 2, 2))"),
    "monai-unet-residual": (
        4_808_917,
        "MONAI 1.6.1",
        "UNet(3, 1, 2, (16, 32, 64, 128, 256), (2, 2, 2, 2), num_res_units=2, norm='batch')",
    ),
    "multiresunet": (7_251_376, "nibtehaz/MultiResUNet", "MultiResUnet(3, 1)"),
    "nnunet-plain-2d": (
        46_324_558,
        "dynamic-network-architectures 0.4.4",
        "PlainConvUNet, 32 to 512 channels on 8 levels, 2 convolutions",
    ),
    "nnunet-plain-3d": (
        31_196_399,
        "dynamic-network-architectures 0.4.4",
        "PlainConvUNet, 32 to 320 channels on 6 levels, 2 convolutions",
    ),
    "nnunet-resenc-3d": (
        102_350_575,
        "dynamic-network-architectures 0.4.4",
        "ResidualEncoderUNet, 32 to 320 channels on 6 levels, 1, 3, 4, 6, 6, 6 blocks",
    ),
    "nnunet-residualunet": (
        84_451_694,
        "dynamic-network-architectures 0.4.4",
        "ResidualUNet, 32 to 512 channels on 8 levels, 2 blocks, 2 in the decoder",
    ),
    "oktay-unet-2d": (2_465_669, "ozan-oktay/Attention-Gated-Networks", "unet_2D()"),
    "oktay-unet-3d-dsv": (
        5_888_004,
        "ozan-oktay/Attention-Gated-Networks",
        "unet_CT_dsv_3D(feature_scale=4, n_classes=4, in_channels=1)",
    ),
    "pix2pix-unet-256": (54_413_955, "junyanz", "UnetGenerator(3, 3, 8, use_dropout=True)"),
    "pytorch-3dunet": (16_318_691, "wolny/pytorch-3dunet", "UNet3D(1, 1)"),
    "pytorch-3dunet-2d": (5_443_235, "wolny/pytorch-3dunet", "UNet2D(1, 1)"),
    "pytorch-3dunet-residual": (113_735_233, "wolny/pytorch-3dunet", "ResidualUNet3D(1, 1)"),
    "pytorch-3dunet-residual-se": (117_233_866, "wolny/pytorch-3dunet", "ResidualUNetSE3D(1, 1)"),
    "r2unet": (39_091_393, "LeeJunHyun/Image_Segmentation", "R2U_Net(t=2)"),
    "resunet": (13_043_009, "rishikksh20/ResUnet", "ResUnet(3)"),
    "segresnet": (18_798_627, "MONAI 1.6.1", "SegResNet(3, 32, 4, 3)"),
    "smp-linknet-resnet18": (11_663_777, "segmentation_models.pytorch 0.6.0", "Linknet('resnet18')"),
    "smp-unet-resnet18": (14_328_209, "segmentation_models.pytorch 0.6.0", "Unet('resnet18')"),
    "smp-unet-resnet34": (24_436_369, "segmentation_models.pytorch 0.6.0", "Unet('resnet34')"),
    "smp-unetplusplus-resnet18": (15_970_449, "segmentation_models.pytorch 0.6.0", "UnetPlusPlus('resnet18')"),
    "u2net": (44_009_869, "xuebinqin/U-2-Net", "U2NET(3, 1)"),
    "u2netp": (1_131_181, "xuebinqin/U-2-Net", "U2NETP(3, 1)"),
    "unet-2015": (31_030_658, "jvanvugt/pytorch-unet", "UNet(1, 2, depth=5, wf=6)"),
    "unet3plus": (26_971_777, "ZJUGiveLab/UNet-Version", "UNet_3Plus(3, 1)"),
    "unetpp": (9_163_329, "4uiiurz1/pytorch-nested-unet", "NestedUNet(1)"),
    "unetpp-baseline": (7_852_545, "4uiiurz1/pytorch-nested-unet", "UNet(1)"),
    "unetpp-supervised": (9_163_428, "4uiiurz1/pytorch-nested-unet", "NestedUNet(1, deep_supervision=True)"),
    "vnet": (45_597_898, "MONAI 1.6.1", "VNet(3, 1, 2)"),
}
"""By network: parameters, where the original is from, and how it was built."""
