// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The way to the buffer memory (DS39662E 3.2). ERDPT and EWRPT move by themselves with what is read and written: who goes on where he
    /// ended needs neither, and gives his words to the port's device.
    /// </summary>
    internal sealed class BufferMemory
    {
        /// <summary>Words of a short read: the command's byte, and five bytes of the memory.</summary>
        internal const int ShortWords = 3;

        /// <summary>In place of where ERDPT is: nobody knows.</summary>
        internal const int Unknown = -1;

        /// <summary>The command of a short read.</summary>
        internal readonly ushort[] ShortCommand = new ushort[ShortWords];

        /// <summary>Moves EWRPT to where a frame to send is written: its low byte.</summary>
        internal readonly ushort[] FrameLow = new ushort[1];

        /// <summary>Its high byte.</summary>
        internal readonly ushort[] FrameHigh = new ushort[1];

        private readonly SpiPort _port;
        private int _readLow;
        private int _readHigh;

        internal BufferMemory(SpiPort port)
        {
            _port = port;
        }

        /// <summary>
        /// Sees to it that the pointers move. The word order is known by now.
        /// </summary>
        internal void EnableAutoIncrement()
        {
            ShortCommand[0] = _port.MakeWord(SpiPort.ReadBufferCommand, 0);
            FrameLow[0] = _port.MakeWrite(EthRegister.EWRPTL, MemoryMap.TransmitStart & 0xFF);
            FrameHigh[0] = _port.MakeWrite(EthRegister.EWRPTH, MemoryMap.TransmitStart >> 8);
            _readLow = _port.MakeWrite(EthRegister.ERDPTL, 0);
            _readHigh = _port.MakeWrite(EthRegister.ERDPTH, 0);

            // bit by bit: a write of the register would count down EPKTCNT, or end what should not end
            _port.SetBits(EthRegister.ECON2, RegisterBits.ECON2_AUTOINC);
        }

        /// <summary>
        /// Reads bytes from an address, and leaves ERDPT behind them. A transfer is whole words and the command takes one byte, so their number is odd.
        /// </summary>
        /// <param name="address">The address of the first byte.</param>
        /// <param name="command">An array of zeros with the read command in its first byte.</param>
        /// <param name="answer">An array of the same length. Its first byte is void, the memory's bytes follow.</param>
        internal void Read(int address, ushort[] command, ushort[] answer)
        {
            _port.WritePair(EthRegister.ERDPTL, address);
            _port.Device.TransferFullDuplex(command, answer);
        }

        /// <summary>
        /// Where ERDPT is: for who reads elsewhere and moves it back.
        /// </summary>
        internal int FindReadPointer() => _port.Read(EthRegister.ERDPTL) | (_port.Read(EthRegister.ERDPTH) << 8);

        /// <summary>
        /// Moves ERDPT: only the bytes of it that differ are written. Bank 0 is selected.
        /// </summary>
        /// <param name="from">Where it is, or <see cref="Unknown"/>.</param>
        /// <param name="to">Where it should be.</param>
        internal void MoveReadPointer(int from, int to)
        {
            int difference = from ^ to;
            if ((difference & 0xFF) != 0 || from == Unknown)
            {
                _port.WriteMade(_readLow, to & 0xFF);
            }

            if ((difference & ~0xFF) != 0)
            {
                _port.WriteMade(_readHigh, to >> 8);
            }
        }

        /// <summary>
        /// Writes bytes to an address.
        /// </summary>
        /// <param name="address">The address of the first byte.</param>
        /// <param name="words">The write command in the first byte, then the bytes, an odd number.</param>
        internal void Write(int address, ushort[] words)
        {
            _port.WritePair(EthRegister.EWRPTL, address);
            _port.Device.Write(words);
        }

        /// <summary>
        /// Whether the low bytes of both pointers hold what is written to them: a look for the chip, which does not need to be awake.
        /// </summary>
        internal bool HoldsPointers(int read, int write)
        {
            _port.Write(EthRegister.ERDPTL, read);
            _port.Write(EthRegister.EWRPTL, write);
            return _port.Read(EthRegister.ERDPTL) == read && _port.Read(EthRegister.EWRPTL) == write;
        }
    }
}
