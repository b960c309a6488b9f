// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What can be chosen about the driver. The values are checked by the constructor of <see cref="Enc28j60"/> and used from then on.
    /// </summary>
    public sealed class Enc28j60Options
    {
        /// <summary>The value of a pin that is not wired.</summary>
        public const int NoPin = -1;

        private const int MostGroups = 64;

        /// <summary>
        /// Gets or sets a value indicating whether MAC and PHY run in full duplex. The chip does not negotiate: the port at the
        /// other end must be set to 10 Mbit/s and full duplex by hand, else packets are lost. Half duplex fits all others.
        /// </summary>
        public bool FullDuplex { get; set; }

        /// <summary>Gets or sets the GPIO that the INT pin is wired to, or <see cref="NoPin"/>.</summary>
        public int InterruptPin { get; set; } = NoPin;

        /// <summary>Gets or sets the GPIO that the RESET pin is wired to, or <see cref="NoPin"/>.</summary>
        public int ResetPin { get; set; } = NoPin;

        /// <summary>Gets or sets what the LED at LEDA shows.</summary>
        public Enc28j60Led LedA { get; set; } = Enc28j60Led.Link;

        /// <summary>Gets or sets what the LED at LEDB shows.</summary>
        public Enc28j60Led LedB { get; set; } = Enc28j60Led.Activity;

        /// <summary>Gets or sets the frequency at CLKOUT.</summary>
        public Enc28j60ClockOutput ClockOutput { get; set; } = Enc28j60ClockOutput.Off;

        /// <summary>Gets or sets which packets are let in at first.</summary>
        public Enc28j60Filters Filters { get; set; } = Enc28j60Filters.Unicast | Enc28j60Filters.Broadcast;

        /// <summary>Gets or sets how many multicast groups can be joined, 0 to 64.</summary>
        public int MulticastGroups { get; set; } = 8;

        /// <summary>
        /// Gets or sets a value indicating whether the status of each sent packet is read, so that collisions and deferrals of
        /// packets that left well are counted too. It takes three to five transfers per packet.
        /// </summary>
        public bool ReadTransmitStatus { get; set; }

        /// <summary>Gets or sets who is told of link changes and recoveries, or null.</summary>
        public Enc28j60Listener Listener { get; set; }

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentException">One is out of its range.</exception>
        internal void Validate()
        {
            // none of these chosen would switch all filters off, which lets everything in
            const Enc28j60Filters All = Enc28j60Filters.Broadcast | Enc28j60Filters.AllMulticast | Enc28j60Filters.MagicPacket
                | Enc28j60Filters.Unicast | Enc28j60Filters.Promiscuous;
            Require(IsLed(LedA), nameof(LedA));
            Require(IsLed(LedB), nameof(LedB));
            Require(ClockOutput >= Enc28j60ClockOutput.Off && ClockOutput <= Enc28j60ClockOutput.DividedBy8, nameof(ClockOutput));
            Require(Filters != Enc28j60Filters.None && (Filters & ~All) == 0, nameof(Filters));
            Require(MulticastGroups >= 0 && MulticastGroups <= MostGroups, nameof(MulticastGroups));
            Require(InterruptPin >= NoPin, nameof(InterruptPin));
            Require(ResetPin >= NoPin && (ResetPin == NoPin || ResetPin != InterruptPin), nameof(ResetPin));
        }

        private static void Require(bool condition, string property)
        {
            if (!condition)
            {
                throw new ArgumentException("The option " + property + " is out of its range.", property);
            }
        }

        private static bool IsLed(Enc28j60Led led)
        {
            // 0, 6 and 15 are reserved, 14 does not work (DS80349C 11)
            return led >= Enc28j60Led.Transmit && led <= Enc28j60Led.LinkAndActivity && (int)led != 6;
        }
    }
}
