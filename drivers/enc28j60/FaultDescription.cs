// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Words for faults. In a class of its own, so that nobody pays for the text who does not ask for it.
    /// </summary>
    internal static class FaultDescription
    {
        /// <summary>
        /// What a fault means and where to look.
        /// </summary>
        /// <param name="fault">The fault.</param>
        /// <returns>A sentence or two.</returns>
        internal static string Of(Enc28j60Fault fault)
        {
            switch (fault)
            {
                case Enc28j60Fault.None:
                    return "No fault.";
                case Enc28j60Fault.NoAnswer:
                    return "The chip answers only zeros. Check its 3.3 V supply, MISO, and that CS, SCK and MOSI are on the pins named.";
                case Enc28j60Fault.AnswersAllOnes:
                    return "The chip answers only ones. Check MISO (open, or held high), CS, and that RESET is not held low.";
                case Enc28j60Fault.NoChip:
                    return "Registers do not hold what is written. Check MOSI, SCK, SPI mode 0, other devices on the bus; shorten wires.";
                case Enc28j60Fault.UnstableReads:
                    return "Reads differ from time to time. Shorten the wires, connect ground well, or lower the SPI clock.";
                case Enc28j60Fault.RevisionUnknown:
                    return "The silicon revision is none of B1, B4, B5, B7. Mostly bad reads: lower the SPI clock, shorten the wires.";
                case Enc28j60Fault.ClockTooSlow:
                    return "Revisions B1 and B4 need an SPI clock of 8 MHz or more (DS80349C 1). Raise it; up to 20 MHz is allowed.";
                case Enc28j60Fault.ResetIgnored:
                    return "The chip does not reset. Check MOSI and CS, the supply (3.3 V, 250 mA), and the SPI clock.";
                case Enc28j60Fault.ClockNotReady:
                    return "The chip's oscillator does not start. Check its 25 MHz crystal and the supply (3.3 V, 250 mA).";
                case Enc28j60Fault.MemoryTest:
                    return "Buffer memory does not hold what is written. Lower the SPI clock, shorten the wires, check the supply.";
                case Enc28j60Fault.RegisterReadBack:
                    return "A MAC register does not hold what is written. CS must stay low 210 ns after the last clock; check wires.";
                case Enc28j60Fault.PhyNotResponding:
                    return "The PHY inside the chip does not answer. Check the supply (3.3 V, 250 mA) and the 25 MHz crystal.";
                case Enc28j60Fault.ChipLost:
                    return "The chip ran and lost its registers. Check its supply (3.3 V, 250 mA), plugs, and RESET for noise.";
                default:
                    return "Unknown fault.";
            }
        }
    }
}
