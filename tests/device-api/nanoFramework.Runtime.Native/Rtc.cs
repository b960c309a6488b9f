// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace nanoFramework.Runtime.Native;

/// <summary>Sets the board's clock.</summary>
public static class Rtc
{
    /// <summary>Sets the board's clock. <see cref="DateTime.UtcNow"/> is the host's, and stays so; <see cref="BoardHardware.SystemTime"/> tells what was set.</summary>
    /// <param name="time">The time of day, UTC.</param>
    /// <returns>True: it can be set.</returns>
    public static bool SetSystemTime(DateTime time)
    {
        BoardHardware.Current.SystemTime = time;
        return true;
    }
}
