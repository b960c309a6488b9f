// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What the registers are set to (DS39662E 6), and the proof that they hold it. Every register that the driver relies on is
    /// written, whatever it may hold: a chip that lost its registers needs no system reset to be brought up again.
    /// </summary>
    internal sealed class Configuration
    {
        /// <summary>The value of registers that nothing uses (EDMADST): a chip that was reset has lost it.</summary>
        internal const int Canary = 0x15C5;

        // MARXEN; in full duplex RXPAUS and TXPAUS too
        private const int Macon1 = 0x01;
        private const int Macon1Pause = 0x0C;

        // PADCFG = 001: pad to 60 bytes and append the FCS; TXCRCEN, which that needs; FRMLNEN
        private const int Macon3 = 0x32;
        private const int Macon3FullDuplex = 0x01;

        // DEFER: wait for a free medium as long as it takes (IEEE 802.3)
        private const int Macon4 = 0x40;

        // gaps as DS39662E 6.5 gives them
        private const int BackToBackGap = 0x12;
        private const int BackToBackGapFullDuplex = 0x15;
        private const int OtherGapLow = 0x12;
        private const int OtherGapHigh = 0x0C;

        private const int MaximumRetransmissions = 0x0F;

        // the widest: fewer link pulses are taken for late collisions (DS80349C 13)
        private const int CollisionWindow = 0x3F;

        // PHLCON: stretched to 73 ms; bits 13:12 have to be 1
        private const int LedBase = 0x3006;
        private const int LedAShift = 8;
        private const int LedBShift = 4;

        private const int PhyIdentifier = 0x0083;
        private const int EveryBit = 0xFFFF;
        private const int WriteAttempts = 3;

        private readonly SpiPort _port;
        private readonly MiiPort _mii;
        private readonly ReceiveFilters _filters;
        private readonly int[] _ethRegisters;
        private readonly int[] _ethValues;
        private readonly int[] _macRegisters;
        private readonly int[] _macValues;
        private readonly int _phcon1;
        private readonly int _leds;

        /// <summary>
        /// Initializes a new instance of the <see cref="Configuration"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="mii">The way to the PHY.</param>
        /// <param name="filters">What to let in.</param>
        /// <param name="address">The station's address.</param>
        /// <param name="options">What was chosen.</param>
        internal Configuration(SpiPort port, MiiPort mii, ReceiveFilters filters, MacAddress address, Enc28j60Options options)
        {
            _port = port;
            _mii = mii;
            _filters = filters;
            bool full = options.FullDuplex;

            // DS80349C 16: the duplex mode after a reset depends on how the LED is wired, and unreliably so: it is always written
            _phcon1 = full ? RegisterBits.Phcon1FullDuplex : 0;
            _leds = LedBase | ((int)options.LedA << LedAShift) | ((int)options.LedB << LedBShift);
            InterruptEnable = options.InterruptPin == Enc28j60Options.NoPin ? 0 : RegisterBits.EieSources;

            // DS80349C 5: the receive buffer begins at 0. DS80349C 4: nothing is clocked from CLKOUT, which is off unless asked for.
            _ethRegisters = new int[]
            {
                (int)EthRegister.ERXSTL, (int)EthRegister.ERXSTH, (int)EthRegister.ERXNDL, (int)EthRegister.ERXNDH,
                (int)EthRegister.ETXSTL, (int)EthRegister.ETXSTH, (int)EthRegister.ECOCON,
            };
            _ethValues = new int[]
            {
                MemoryMap.ReceiveStart & 0xFF, MemoryMap.ReceiveStart >> 8, MemoryMap.ReceiveEnd & 0xFF, MemoryMap.ReceiveEnd >> 8,
                MemoryMap.TransmitStart & 0xFF, MemoryMap.TransmitStart >> 8, (int)options.ClockOutput,
            };
            _macRegisters = new int[]
            {
                (int)MacRegister.MACON1, (int)MacRegister.MACON3, (int)MacRegister.MACON4, (int)MacRegister.MABBIPG,
                (int)MacRegister.MAIPGL, (int)MacRegister.MAIPGH, (int)MacRegister.MACLCON1, (int)MacRegister.MACLCON2,
                (int)MacRegister.MAMXFLL, (int)MacRegister.MAMXFLH, (int)MacRegister.MAADR1, (int)MacRegister.MAADR2,
                (int)MacRegister.MAADR3, (int)MacRegister.MAADR4, (int)MacRegister.MAADR5, (int)MacRegister.MAADR6,
            };
            _macValues = new int[]
            {
                full ? Macon1 | Macon1Pause : Macon1, full ? Macon3 | Macon3FullDuplex : Macon3, Macon4,
                full ? BackToBackGapFullDuplex : BackToBackGap,
                OtherGapLow, OtherGapHigh, MaximumRetransmissions, CollisionWindow,
                MemoryMap.LongestPacket & 0xFF, MemoryMap.LongestPacket >> 8, address.GetOctet(0), address.GetOctet(1),
                address.GetOctet(2), address.GetOctet(3), address.GetOctet(4), address.GetOctet(5),
            };
        }

        /// <summary>Gets the value of EIE, the pin itself not enabled.</summary>
        internal int InterruptEnable { get; }

        /// <summary>Gets the number of registers that <see cref="Holds"/> knows.</summary>
        internal int Registers => _ethRegisters.Length + _macRegisters.Length;

        /// <summary>Gets the value of PHCON1.</summary>
        internal int PhyControl1 => _phcon1;

        /// <summary>
        /// Ends whatever the chip was doing and takes back what a former life or a disturbance may have set. ETH registers only:
        /// the clock need not be running. <see cref="Drain"/> belongs to it.
        /// </summary>
        internal void Quiet()
        {
            // bit by bit: a write would count down EPKTCNT, or end what should not end
            _port.ClearBits(EthRegister.ECON2, RegisterBits.Econ2PowerSave | RegisterBits.Econ2RegulatorPowerSave);
            _port.SetBits(EthRegister.ECON2, RegisterBits.Econ2AutoIncrement);
            _port.Write(EthRegister.EIE, 0);
            _port.SetBits(EthRegister.ECON1, RegisterBits.Econ1TransmitReset | RegisterBits.Econ1ReceiveReset);
            _port.ClearBits(
                EthRegister.ECON1,
                RegisterBits.Econ1TransmitReset | RegisterBits.Econ1ReceiveReset | RegisterBits.Econ1ReceiveEnable
                    | RegisterBits.Econ1TransmitRequest | RegisterBits.Econ1DmaStart | RegisterBits.Econ1Checksum);
            _port.Write(EthRegister.EBSTCON, 0);
            _port.Write(EthRegister.EFLOCON, 0);

            // afterwards, because the end of the reset may set them (DS80349C 12)
            _port.ClearBits(
                EthRegister.EIR,
                RegisterBits.EirTransmitError | RegisterBits.EirTransmit | RegisterBits.EirReceiveError | RegisterBits.EirDma);
            _port.ClearBits(
                EthRegister.ESTAT,
                RegisterBits.EstatTransmitAbort | RegisterBits.EstatLateCollision | RegisterBits.EstatBufferError);
        }

        /// <summary>
        /// Counts EPKTCNT down, which no reset of the receiver does.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="most">How many packets to count down in this call.</param>
        /// <returns>Whether it is zero.</returns>
        internal static bool Drain(SpiPort port, int most)
        {
            int count = port.Read(EthRegister.EPKTCNT);
            if (count == 0)
            {
                return true;
            }

            if (count > most)
            {
                count = most;
            }

            while (count > 0)
            {
                port.SetBits(EthRegister.ECON2, RegisterBits.Econ2PacketDecrement);
                count--;
            }

            return port.Read(EthRegister.EPKTCNT) == 0;
        }

        /// <summary>
        /// Sets up the buffers and filters of a quiet chip.
        /// </summary>
        internal void SetUpBuffers()
        {
            SetUpReceiveBuffer(_port);
            _port.WritePair(EthRegister.ETXSTL, MemoryMap.TransmitStart);
            _port.WritePair(EthRegister.EDMADSTL, Canary);
            _port.Write(EthRegister.ECOCON, _ethValues[_ethValues.Length - 1]);
            _filters.Apply();
        }

        /// <summary>
        /// Sets up MAC and PHY, and lets the chip receive.
        /// </summary>
        /// <returns><see cref="Enc28j60Fault.None"/>, or what did not work.</returns>
        internal Enc28j60Fault Enable()
        {
            if (!SetUpMac())
            {
                return Enc28j60Fault.RegisterReadBack;
            }

            if (!SetUpPhy())
            {
                return Enc28j60Fault.PhyNotResponding;
            }

            for (int i = 0; i < _ethRegisters.Length; i++)
            {
                if (!Holds(i))
                {
                    return Enc28j60Fault.RegisterReadBack;
                }
            }

            if (!HoldsFilters())
            {
                return Enc28j60Fault.RegisterReadBack;
            }

            _port.Write(EthRegister.EIE, InterruptEnable);

            // last: from now on none of the above may change
            return SwitchOnReception(_port) ? Enc28j60Fault.None : Enc28j60Fault.RegisterReadBack;
        }

        /// <summary>
        /// Whether a register holds what it should.
        /// </summary>
        /// <param name="index">0 to <see cref="Registers"/> - 1.</param>
        /// <returns>Whether it does.</returns>
        internal bool Holds(int index)
        {
            if (index < _ethRegisters.Length)
            {
                return _port.Read((EthRegister)_ethRegisters[index]) == _ethValues[index];
            }

            index -= _ethRegisters.Length;
            return _port.Read((MacRegister)_macRegisters[index]) == _macValues[index];
        }

        /// <summary>
        /// Whether ERXFCON holds what it should.
        /// </summary>
        /// <returns>Whether it does.</returns>
        internal bool HoldsFilters() => _port.Read(EthRegister.ERXFCON) == _filters.Control;

        /// <summary>
        /// Whether the canary lives.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <returns>Whether it does.</returns>
        internal static bool HoldsCanary(SpiPort port)
        {
            return port.Read(EthRegister.EDMADSTL) == (Canary & 0xFF) && port.Read(EthRegister.EDMADSTH) == Canary >> 8;
        }

        /// <summary>
        /// Switches reception on, unless the chip was reset while it was off. RXEN is the sign by which a reset is found, so it
        /// must not stand on a chip that has lost everything else. The canary is looked at afterwards: a reset before RXEN was set
        /// has taken the canary, a later one takes RXEN.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <returns>Whether the chip receives.</returns>
        internal static bool SwitchOnReception(SpiPort port)
        {
            port.SetBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            if (HoldsCanary(port) || HoldsCanary(port))
            {
                return true;
            }

            port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            return false;
        }

        /// <summary>
        /// Whether MACON1 holds what it should.
        /// </summary>
        /// <returns>Whether it does.</returns>
        internal bool HoldsMacControl() => _port.Read(MacRegister.MACON1) == _macValues[0];

        /// <summary>
        /// Writes the bounds of the receive buffer, which also sets the hardware's write pointer to its start.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        internal static void SetUpReceiveBuffer(SpiPort port)
        {
            // DS80349C 5: the buffer begins at 0. DS80349C 14: ERXRDPT is odd from the beginning.
            port.WritePair(EthRegister.ERXSTL, MemoryMap.ReceiveStart);
            port.WritePair(EthRegister.ERXNDL, MemoryMap.ReceiveEnd);
            port.WritePair(EthRegister.ERXRDPTL, MemoryMap.FreePointer(MemoryMap.ReceiveStart));
        }

        private bool SetUpMac()
        {
            for (int i = 0; i < _macRegisters.Length; i++)
            {
                if (!Set((MacRegister)_macRegisters[i], _macValues[i]))
                {
                    return false;
                }
            }

            return true;
        }

        private bool SetUpPhy()
        {
            // DS80349C 9: without HDLDIS a half-duplex PHY loops back what is sent
            return _mii.Cancel()
                && HoldsPhy(PhyRegister.PHID1, EveryBit, PhyIdentifier)
                && _mii.Write(PhyRegister.PHCON1, _phcon1)
                && _mii.Write(PhyRegister.PHCON2, RegisterBits.Phcon2NoLoopback)
                && _mii.Write(PhyRegister.PHLCON, _leds)
                && _mii.Write(PhyRegister.PHIE, RegisterBits.PhieLink)
                && HoldsPhy(PhyRegister.PHCON1, RegisterBits.Phcon1FullDuplex, _phcon1)
                && HoldsPhy(PhyRegister.PHCON2, EveryBit, RegisterBits.Phcon2NoLoopback)
                && HoldsPhy(PhyRegister.PHIE, RegisterBits.PhieLink, RegisterBits.PhieLink);
        }

        private bool HoldsPhy(PhyRegister register, int mask, int value)
        {
            int read = _mii.Read(register);
            return read >= 0 && (read & mask) == value;
        }

        /// <summary>
        /// Writes a MAC register until it reads as written. On B1 and B4 a write can go astray (DS80349C 1), and on a board
        /// that raises CS too early as well.
        /// </summary>
        private bool Set(MacRegister register, int value)
        {
            for (int i = 0; i < WriteAttempts; i++)
            {
                _port.Write(register, value);
                if (_port.Read(register) == value)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
