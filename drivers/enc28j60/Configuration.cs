// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// What the registers are set to (DS39662E 6), and the proof that they hold it.
    /// </summary>
    internal sealed class Configuration
    {
        // UCEN, CRCEN, BCEN: packets to us and to all, with a good FCS (DS39662E 8)
        private const int ReceiveFilters = 0xA1;

        // MARXEN
        private const int Macon1 = 0x01;

        // PADCFG = 001: pad to 60 bytes and append the FCS; TXCRCEN, which that needs; FRMLNEN; half duplex
        private const int Macon3 = 0x32;

        // DEFER: wait for a free medium as long as it takes (IEEE 802.3)
        private const int Macon4 = 0x40;

        // gaps for half duplex, as DS39662E 6.5 gives them
        private const int BackToBackGap = 0x12;
        private const int OtherGapLow = 0x12;
        private const int OtherGapHigh = 0x0C;

        private const int MaximumRetransmissions = 0x0F;

        // the widest: fewer link pulses are taken for late collisions (DS80349C 13)
        private const int CollisionWindow = 0x3F;

        // LEDA: link; LEDB: transmit and receive; stretched; bits 13:12 have to be 1
        private const int Leds = 0x3476;

        private const int PhyIdentifier = 0x0083;
        private const int WriteAttempts = 3;

        private readonly SpiPort _port;
        private readonly MiiPort _mii;
        private readonly MacAddress _address;

        /// <summary>
        /// Initializes a new instance of the <see cref="Configuration"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="mii">The way to the PHY.</param>
        /// <param name="address">The station's address.</param>
        internal Configuration(SpiPort port, MiiPort mii, MacAddress address)
        {
            _port = port;
            _mii = mii;
            _address = address;
        }

        /// <summary>
        /// Sets up the chip after a reset and lets it receive.
        /// </summary>
        /// <returns><see cref="Enc28j60Fault.None"/>, or what did not work.</returns>
        internal Enc28j60Fault Apply()
        {
            SetUpReceiveBuffer(_port);
            _port.WritePair(EthRegister.ETXSTL, MemoryMap.TransmitStart);
            _port.Write(EthRegister.ERXFCON, ReceiveFilters);

            // the clock output feeds nothing here and only radiates
            _port.Write(EthRegister.ECOCON, 0);

            if (!SetUpMac() || !SetUpAddress())
            {
                return Enc28j60Fault.RegisterReadBack;
            }

            if (!SetUpPhy())
            {
                return Enc28j60Fault.PhyNotResponding;
            }

            // last: from now on none of the above may change
            _port.SetBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            return Enc28j60Fault.None;
        }

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
            return Set(MacRegister.MACON1, Macon1)
                && Set(MacRegister.MACON3, Macon3)
                && Set(MacRegister.MACON4, Macon4)
                && Set(MacRegister.MABBIPG, BackToBackGap)
                && Set(MacRegister.MAIPGL, OtherGapLow)
                && Set(MacRegister.MAIPGH, OtherGapHigh)
                && Set(MacRegister.MACLCON1, MaximumRetransmissions)
                && Set(MacRegister.MACLCON2, CollisionWindow)
                && Set(MacRegister.MAMXFLL, MemoryMap.LongestPacket & 0xFF)
                && Set(MacRegister.MAMXFLH, MemoryMap.LongestPacket >> 8);
        }

        private bool SetUpAddress()
        {
            return Set(MacRegister.MAADR1, _address.GetOctet(0))
                && Set(MacRegister.MAADR2, _address.GetOctet(1))
                && Set(MacRegister.MAADR3, _address.GetOctet(2))
                && Set(MacRegister.MAADR4, _address.GetOctet(3))
                && Set(MacRegister.MAADR5, _address.GetOctet(4))
                && Set(MacRegister.MAADR6, _address.GetOctet(5));
        }

        private bool SetUpPhy()
        {
            // DS80349C 16: the duplex mode after a reset depends on how the LED is wired, and unreliably so: it is always written.
            // DS80349C 9: without HDLDIS a half-duplex PHY loops back what is sent.
            return _mii.Read(PhyRegister.PHID1) == PhyIdentifier
                && _mii.Write(PhyRegister.PHCON1, 0)
                && _mii.Write(PhyRegister.PHCON2, RegisterBits.Phcon2NoLoopback)
                && _mii.Write(PhyRegister.PHLCON, Leds)
                && (_mii.Read(PhyRegister.PHCON1) & RegisterBits.Phcon1FullDuplex) == 0
                && _mii.Read(PhyRegister.PHCON2) == RegisterBits.Phcon2NoLoopback;
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
