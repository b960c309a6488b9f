// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Runtime.Native;

/// <summary>What is restarted.</summary>
public enum RebootOption
{
    /// <summary>The whole device.</summary>
    NormalReboot = 0,

    /// <summary>The device, into its first boot loader.</summary>
    EnterNanoBooter = 1,

    /// <summary>The runtime only.</summary>
    ClrOnly = 2,

    /// <summary>The device, into its maker's boot loader.</summary>
    EnterProprietaryBooter = 8,
}
