// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Runtime.Native;

/// <summary>What the firmware runs on.</summary>
public static class SystemInfo
{
    /// <summary>Support of floating-point numbers.</summary>
    public enum FloatingPoint
    {
        /// <summary>None.</summary>
        None = 0,

        /// <summary>32 bits, in software.</summary>
        SinglePrecisionSoftware = 1,

        /// <summary>32 bits, in hardware.</summary>
        SinglePrecisionHardware = 2,

        /// <summary>64 bits, in software.</summary>
        DoublePrecisionSoftware = 3,

        /// <summary>64 bits, in hardware.</summary>
        DoublePrecisionHardware = 4,
    }

    /// <summary>Version of the runtime.</summary>
    public static Version Version { get; } = new(0, 0, 0, 0);

    /// <summary>Maker's text.</summary>
    public static string OEMString => "virtual board";

    /// <summary>Maker's number.</summary>
    public static byte OEM => 0;

    /// <summary>Model number.</summary>
    public static byte Model => 0;

    /// <summary>Stock number.</summary>
    public static ushort SKU => 0;

    /// <summary>Name of the target.</summary>
    public static string TargetName => "VIRTUAL_BOARD";

    /// <summary>Name of the platform.</summary>
    public static string Platform => "HOST";

    /// <summary>Support of floating-point numbers.</summary>
    public static FloatingPoint FloatingPointSupport => FloatingPoint.DoublePrecisionHardware;
}
