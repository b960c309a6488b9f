// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What <see cref="SelfTest"/> looks at, in this order.
    /// </summary>
    [Flags]
    public enum SelfTestItems
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>There is a chip, and registers hold what is written over SPI.</summary>
        Bus = 0x01,

        /// <summary>The system reset works.</summary>
        Reset = 0x02,

        /// <summary>The oscillator runs.</summary>
        Clock = 0x04,

        /// <summary>The silicon revision is known and reads the same each time.</summary>
        Revision = 0x08,

        /// <summary>The buffer memory holds a pattern and its complement, written and read at the SPI clock in use.</summary>
        Memory = 0x10,

        /// <summary>The MAC's registers hold what is written.</summary>
        Registers = 0x20,

        /// <summary>The PHY answers and holds what is written.</summary>
        Phy = 0x40,

        /// <summary>The chip's own test of its memory (DS39662E 15).</summary>
        BuiltIn = 0x80,

        /// <summary>A frame comes back through a loopback plug: magnetics, jack and PHY work.</summary>
        Loopback = 0x100,
    }
}
