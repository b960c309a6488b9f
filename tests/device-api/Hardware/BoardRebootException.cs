// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.Runtime.Native;

namespace VirtualBoard.Hardware;

/// <summary>Thrown where the firmware restarts its device, since nothing after that call runs on a board.</summary>
public sealed class BoardRebootException : Exception
{
    internal BoardRebootException(RebootOption option)
        : base($"The firmware restarts the device ({option}).") => Option = option;

    /// <summary>What was to be restarted.</summary>
    public RebootOption Option { get; }
}
