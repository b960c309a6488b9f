// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Reads the buffer memory and keeps track of ERDPT, which moves by itself: it is written only where it is not yet right.
    /// </summary>
    internal sealed class BufferReader
    {
        private const int Unknown = -1;

        private readonly SpiPort _port;
        private int _pointer = Unknown;

        /// <summary>
        /// Initializes a new instance of the <see cref="BufferReader"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        internal BufferReader(SpiPort port)
        {
            _port = port;
        }

        /// <summary>
        /// Moves to an address.
        /// </summary>
        /// <param name="address">The address of the byte to read next.</param>
        internal void MoveTo(int address)
        {
            int difference = _pointer ^ address;
            if (difference == 0)
            {
                return;
            }

            if ((difference & 0xFF) != 0 || _pointer == Unknown)
            {
                _port.Write(EthRegister.ERDPTL, address & 0xFF);
            }

            if ((difference & ~0xFF) != 0)
            {
                _port.Write(EthRegister.ERDPTH, address >> 8);
            }

            _pointer = address;
        }

        /// <summary>
        /// Forgets where the pointer is believed to be: the next <see cref="MoveTo"/> writes both bytes.
        /// </summary>
        internal void Forget()
        {
            _pointer = Unknown;
        }

        /// <summary>
        /// Reads bytes from where the pointer is. A transfer is whole words and the command takes one byte, so the number of
        /// bytes read is odd.
        /// </summary>
        /// <param name="command">An array of zeros with the read command in its first byte.</param>
        /// <param name="answer">An array of the same length. Its first byte is void, the memory's bytes follow.</param>
        internal void Read(ushort[] command, ushort[] answer)
        {
            _port.Exchange(command, answer);
            _pointer = MemoryMap.Advance(_pointer, (command.Length << 1) - 1);
        }
    }
}
