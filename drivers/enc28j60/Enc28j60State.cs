// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What the driver is doing.
    /// </summary>
    public enum Enc28j60State
    {
        /// <summary>Nothing; <see cref="Enc28j60.Start"/> was not called yet.</summary>
        Stopped,

        /// <summary>Starting: <see cref="Enc28j60.Poll"/> resets, tests and sets up the chip.</summary>
        Starting,

        /// <summary>Packets are received and sent.</summary>
        Running,

        /// <summary>
        /// The start failed, or the chip was lost; <see cref="Enc28j60.Fault"/> tells why. <see cref="Enc28j60.Poll"/> tries again,
        /// soon at first and every 5 seconds in the end.
        /// </summary>
        Failed,

        /// <summary>The chip sleeps, or is on its way there or back.</summary>
        Sleeping,
    }
}
