// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace nanoFramework.Runtime.Native;

/// <summary>Restarts the device.</summary>
public class Power
{
    /// <summary>Raised before the device restarts.</summary>
    public static event RebootEventHandler? OnRebootEvent;

    /// <summary>Restarts the device: on the host, <see cref="BoardHardware.Rebooting"/> is told and the call never returns.</summary>
    /// <exception cref="BoardRebootException">Always: it unwinds the firmware as a restart would end it.</exception>
    public static void RebootDevice(RebootOption rebootOption = RebootOption.NormalReboot)
    {
        OnRebootEvent?.Invoke();
        BoardHardware.Current.Reboot(rebootOption);
    }

    /// <summary>Restarts the device; handlers may take so many milliseconds.</summary>
    /// <exception cref="BoardRebootException">Always: it unwinds the firmware as a restart would end it.</exception>
    public static void RebootDevice(int exeConstraintTimeout, RebootOption rebootOption = RebootOption.NormalReboot) => RebootDevice(rebootOption);
}
