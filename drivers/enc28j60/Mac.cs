// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The MAC (DS39662E 6.5): what its registers are set to, and the proof that they hold it. All are written, whatever they may hold: a
    /// chip that lost its registers needs no system reset to be brought up again.
    /// </summary>
    internal sealed class Mac
    {
        /// <summary>The number of registers that <see cref="Holds"/> knows.</summary>
        internal const int Registers = 16;

        // gaps as DS39662E 6.5 gives them
        private const int BackToBackGap = 0x12;
        private const int BackToBackGapFullDuplex = 0x15;
        private const int OtherGapLow = 0x12;
        private const int OtherGapHigh = 0x0C;

        private const int MostRetransmissions = 0x0F;

        // the widest: fewer link pulses are taken for late collisions (DS80349C 13)
        private const int CollisionWindow = 0x3F;

        private const int WriteAttempts = 3;

        private readonly SpiPort _port;
        private readonly byte[] _registers;
        private readonly byte[] _values;

        internal Mac(SpiPort port, MacAddress address, bool isFullDuplex)
        {
            _port = port;
            _registers = new byte[]
            {
                (byte)MacRegister.MACON1, (byte)MacRegister.MACON3, (byte)MacRegister.MACON4, (byte)MacRegister.MABBIPG,
                (byte)MacRegister.MAIPGL, (byte)MacRegister.MAIPGH, (byte)MacRegister.MACLCON1, (byte)MacRegister.MACLCON2,
                (byte)MacRegister.MAMXFLL, (byte)MacRegister.MAMXFLH, (byte)MacRegister.MAADR1, (byte)MacRegister.MAADR2,
                (byte)MacRegister.MAADR3, (byte)MacRegister.MAADR4, (byte)MacRegister.MAADR5, (byte)MacRegister.MAADR6,
            };
            _values = new byte[]
            {
                (byte)(RegisterBits.MACON1_MARXEN | (isFullDuplex ? RegisterBits.MACON1_RXPAUS | RegisterBits.MACON1_TXPAUS : 0)),
                (byte)MakeMacon3(isFullDuplex), RegisterBits.MACON4_DEFER, (byte)MakeGap(isFullDuplex),
                OtherGapLow, OtherGapHigh, MostRetransmissions, CollisionWindow,
                MemoryMap.LongestPacket & 0xFF, MemoryMap.LongestPacket >> 8, (byte)address.GetOctet(0), (byte)address.GetOctet(1),
                (byte)address.GetOctet(2), (byte)address.GetOctet(3), (byte)address.GetOctet(4), (byte)address.GetOctet(5),
            };
        }

        /// <summary>
        /// Ends flow control. It works without a clock.
        /// </summary>
        internal void EndFlowControl()
        {
            _port.Write(EthRegister.EFLOCON, 0);
        }

        /// <summary>
        /// Writes all registers.
        /// </summary>
        /// <returns>Whether they hold it.</returns>
        internal bool SetUp()
        {
            for (int i = 0; i < Registers; i++)
            {
                if (!Set((MacRegister)_registers[i], _values[i]))
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Sets the MAC to full duplex, whatever was chosen, until the next start: for the loopback plug.
        /// </summary>
        internal void SetFullDuplex()
        {
            _port.Write(MacRegister.MACON3, MakeMacon3(true));
            _port.Write(MacRegister.MABBIPG, MakeGap(true));
        }

        /// <summary>
        /// Whether a register holds what it should.
        /// </summary>
        /// <param name="index">0 to <see cref="Registers"/> - 1; 0 is MACON1.</param>
        internal bool Holds(int index) => _port.Read((MacRegister)_registers[index]) == _values[index];

        private static int MakeMacon3(bool isFullDuplex)
        {
            return RegisterBits.MACON3_PADCFG60 | RegisterBits.MACON3_TXCRCEN | RegisterBits.MACON3_FRMLNEN
                | (isFullDuplex ? RegisterBits.MACON3_FULDPX : 0);
        }

        private static int MakeGap(bool isFullDuplex) => isFullDuplex ? BackToBackGapFullDuplex : BackToBackGap;

        /// <summary>
        /// Writes a register until it reads as written. On B1 and B4 a write can go astray (DS80349C 1), and on a board
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
