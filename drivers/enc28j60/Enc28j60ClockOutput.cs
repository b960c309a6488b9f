// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The frequency at the CLKOUT pin (DS39662E 2.3; ECOCON). It stops in power save (DS80349C 4).
    /// </summary>
    public enum Enc28j60ClockOutput
    {
        /// <summary>Off: it only radiates where nothing needs it.</summary>
        Off = 0,

        /// <summary>25 MHz.</summary>
        Undivided = 1,

        /// <summary>12.5 MHz.</summary>
        DividedBy2 = 2,

        /// <summary>8.333 MHz.</summary>
        DividedBy3 = 3,

        /// <summary>6.25 MHz.</summary>
        DividedBy4 = 4,

        /// <summary>3.125 MHz.</summary>
        DividedBy8 = 5,
    }
}
