// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <content>What the packet memory holds before anything is written to it.</content>
    public sealed partial class Enc28j60
    {
        /// <summary>
        /// Reads the packet memory as it lies, between <see cref="Probe"/> and <see cref="Start"/>, whose memory test overwrites it.
        /// After power-on it is random (DS39662E 3.2): its cells come up as each was made, some of them by chance, which is a source for
        /// random numbers. If only the host was restarted, it holds what was there before: the memory test's pattern and packets.
        /// </summary>
        /// <param name="address">Where to begin, 0 to 8191; after the last byte comes the first.</param>
        /// <param name="words">Where to put it, in the bus's order. The first byte is void.</param>
        /// <exception cref="ArgumentNullException">There are no words.</exception>
        /// <exception cref="ArgumentException">The address is out of range, or there is no place for a word.</exception>
        /// <exception cref="InvalidOperationException">The driver was started, or <see cref="Probe"/> has not found the chip.</exception>
        /// <exception cref="ObjectDisposedException">The driver was disposed.</exception>
        public void ReadMemory(int address, ushort[] words)
        {
            ThrowIfDisposed();
            if (words == null)
            {
                throw new ArgumentNullException(nameof(words));
            }

            if (address < 0 || address >= MemoryMap.Size || words.Length == 0)
            {
                throw new ArgumentException("The address must be 0 to 8191, and there must be a word to fill.");
            }

            if (_state != Enc28j60State.Stopped || !_startup.IsOrderKnown)
            {
                throw new InvalidOperationException("ReadMemory comes after Probe and before Start.");
            }

            ushort[] command = new ushort[words.Length];
            command[0] = _port.Word(SpiPort.ReadBufferCommand, 0);

            // the probe may have left any end of the receive buffer, where reading would go on at its start
            _port.WritePair(EthRegister.ERXSTL, 0);
            _port.WritePair(EthRegister.ERXNDL, MemoryMap.Size - 1);
            _port.WritePair(EthRegister.ERDPTL, address);
            _port.Exchange(command, words);
        }
    }
}
