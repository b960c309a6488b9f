// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The way to the buffer memory (DS39662E 3.2). ERDPT and EWRPT move by themselves with what is read and written: they are written
    /// only where they are not yet right.
    /// </summary>
    internal sealed class BufferMemory
    {
        /// <summary>Words of a short read: the command's byte, and five bytes of the memory.</summary>
        internal const int ShortWords = 3;

        /// <summary>The command of a short read.</summary>
        internal readonly ushort[] ShortCommand = new ushort[ShortWords];

        /// <summary>Where ERDPT is, as far as is known.</summary>
        internal int ReadPointer = Unknown;

        private const int Unknown = -1;

        private readonly SpiPort _port;
        private readonly ushort[] _frameLow = new ushort[1];
        private readonly ushort[] _frameHigh = new ushort[1];
        private int _writePointer = Unknown;

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
            _frameLow[0] = _port.MakeWrite(EthRegister.EWRPTL, MemoryMap.TransmitStart & 0xFF);
            _frameHigh[0] = _port.MakeWrite(EthRegister.EWRPTH, MemoryMap.TransmitStart >> 8);

            // bit by bit: a write of the register would count down EPKTCNT, or end what should not end
            _port.SetBits(EthRegister.ECON2, RegisterBits.ECON2_AUTOINC);
        }

        /// <summary>
        /// Forgets where ERDPT is believed to be: the next read from an address writes both bytes.
        /// </summary>
        internal void ForgetReadPointer()
        {
            ReadPointer = Unknown;
        }

        /// <summary>
        /// Forgets where EWRPT is believed to be, so that a write that went astray does not harm for long.
        /// </summary>
        internal void ForgetWritePointer()
        {
            _writePointer = Unknown;
        }

        /// <summary>
        /// Reads bytes from an address. A transfer is whole words and the command takes one byte, so their number is odd.
        /// </summary>
        /// <param name="address">The address of the first byte.</param>
        /// <param name="command">An array of zeros with the read command in its first byte.</param>
        /// <param name="answer">An array of the same length. Its first byte is void, the memory's bytes follow.</param>
        internal void Read(int address, ushort[] command, ushort[] answer)
        {
            if (ReadPointer != address)
            {
                MoveReadPointer(address);
            }

            ReadOn(command, answer);
        }

        /// <summary>
        /// Reads bytes from where the last read ended.
        /// </summary>
        /// <param name="command">As for <see cref="Read"/>.</param>
        /// <param name="answer">The same.</param>
        internal void ReadOn(ushort[] command, ushort[] answer)
        {
            _port.Device.TransferFullDuplex(command, answer);
            ReadPointer = MemoryMap.Advance(ReadPointer, (command.Length << 1) - 1);
        }

        /// <summary>
        /// Tells where ERDPT is after a read that was made by itself.
        /// </summary>
        internal void NoteRead(int pointer)
        {
            ReadPointer = pointer;
        }

        /// <summary>
        /// Moves ERDPT: only the bytes of it that differ are written.
        /// </summary>
        internal void MoveReadPointer(int address)
        {
            int difference = ReadPointer ^ address;
            if ((difference & 0xFF) != 0 || ReadPointer == Unknown)
            {
                _port.Write(EthRegister.ERDPTL, address & 0xFF);
            }

            if ((difference & ~0xFF) != 0)
            {
                _port.Write(EthRegister.ERDPTH, address >> 8);
            }

            ReadPointer = address;
        }

        /// <summary>
        /// Writes bytes to an address.
        /// </summary>
        /// <param name="address">The address of the first byte.</param>
        /// <param name="words">The write command in the first byte, then the bytes, an odd number.</param>
        internal void Write(int address, ushort[] words)
        {
            if (_writePointer != address)
            {
                _port.Write(EthRegister.EWRPTL, address & 0xFF);
                if (((_writePointer ^ address) & ~0xFF) != 0)
                {
                    _port.Write(EthRegister.EWRPTH, address >> 8);
                }
            }

            _port.Device.Write(words);
            _writePointer = (address + (words.Length << 1) - 1) & (MemoryMap.Size - 1);
        }

        /// <summary>
        /// Writes a frame to the transmit buffer; bank 0 is selected.
        /// </summary>
        /// <param name="words">As for <see cref="Write"/>.</param>
        internal void WriteFrame(ushort[] words)
        {
            // the buffer begins where a page does, and what was written last ended within one: the low byte is never right
            SpiDevice device = _port.Device;
            device.Write(_frameLow);
            if (_writePointer >> 8 != MemoryMap.TransmitStart >> 8)
            {
                device.Write(_frameHigh);
            }

            device.Write(words);
            _writePointer = MemoryMap.TransmitStart - 1 + (words.Length << 1);
        }

        /// <summary>
        /// Whether the low bytes of both pointers hold what is written to them: a look for the chip, which does not need to be awake.
        /// </summary>
        internal bool HoldsPointers(int read, int write)
        {
            ReadPointer = Unknown;
            _writePointer = Unknown;
            _port.Write(EthRegister.ERDPTL, read);
            _port.Write(EthRegister.EWRPTL, write);
            return _port.Read(EthRegister.ERDPTL) == read && _port.Read(EthRegister.EWRPTL) == write;
        }
    }
}
