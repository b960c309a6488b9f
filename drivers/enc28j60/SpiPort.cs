// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The chip's SPI commands (DS39662E 4.2), in 16-bit words: only the transfers of word arrays allocate nothing on
    /// nanoFramework. Each method is one chip select window, and one more where the bank has to change.
    /// </summary>
    internal sealed class SpiPort
    {
        /// <summary>First byte of a transfer out of the buffer memory.</summary>
        internal const int ReadBufferCommand = 0x3A;

        /// <summary>First byte of a transfer into the buffer memory.</summary>
        internal const int WriteBufferCommand = 0x7A;

        private const int WriteCommand = 0x40;
        private const int ClearBitsCommand = 0xA0;
        private const byte SystemResetCommand = 0xFF;
        private const int AddressMask = 0x1F;
        private const int EveryBank = 0x80;
        private const int BankShift = 5;

        /// <summary>Transfers made, one per chip select window.</summary>
        internal uint Transactions;

        /// <summary>Whether the low byte of a word is the first on the wire.</summary>
        internal bool LowByteFirst;

        private readonly SpiDevice _device;
        private readonly ushort[] _command = new ushort[1];
        private readonly ushort[] _answer = new ushort[1];
        private readonly ushort[] _longCommand = new ushort[2];
        private readonly ushort[] _longAnswer = new ushort[2];

        // factors, 1 and 256 or the other way round, that bring a byte to where it goes first or second: a shift by a variable takes two
        // instructions more
        private int _first = 1;
        private int _second = 0x100;
        private int _bank;

        // bytes beyond the two that a transfer has at the least
        private uint _furtherBytes;

        internal SpiPort(SpiDevice device)
        {
            _device = device;
        }

        /// <summary>Gets the bytes moved, commands included.</summary>
        internal uint Bytes => (Transactions << 1) + _furtherBytes;

        /// <summary>
        /// Sets which byte of a word goes first.
        /// </summary>
        internal void SetWordOrder(WordOrder order)
        {
            LowByteFirst = order == WordOrder.LowByteFirst;
            _first = LowByteFirst ? 1 : 0x100;
            _second = 0x100 / _first;
        }

        /// <summary>
        /// The word that carries two bytes, as it lies in a transfer's array.
        /// </summary>
        internal ushort MakeWord(int first, int second) => (ushort)((first * _first) | (second * _second));

        /// <summary>
        /// Tells that the chip has selected bank 0, as after a reset.
        /// </summary>
        internal void AssumeBankZero()
        {
            _bank = 0;
        }

        /// <summary>
        /// Whether ECON1 holds what it does while the chip is at work: RXEN, and the bank that is believed in. A reset takes RXEN
        /// away, whatever caused it, and <see cref="Reception.SwitchOn"/> is the one way to set it: so this one look
        /// tells that none of the registers was lost. What differs is read once more before it is believed.
        /// </summary>
        internal bool IsAtWork()
        {
            int control = RegisterBits.ECON1_RXEN | _bank;
            return (Read(EthRegister.ECON1) & ~RegisterBits.ECON1_TXRTS) == control
                || (Read(EthRegister.ECON1) & ~RegisterBits.ECON1_TXRTS) == control;
        }

        internal int Read(EthRegister register)
        {
            int code = (int)register;
            if (code < EveryBank && code >> BankShift != _bank)
            {
                SelectBank(code >> BankShift);
            }

            _command[0] = (ushort)((code & AddressMask) * _first);
            Transfer(_command, _answer);
            return (_answer[0] / _second) & 0xFF;
        }

        /// <summary>
        /// Reads a MAC or MII register. The transfer's fourth byte is one too many and harmless: these registers do not change
        /// by being read.
        /// </summary>
        internal int Read(MacRegister register)
        {
            int code = (int)register;
            if (code >> BankShift != _bank)
            {
                SelectBank(code >> BankShift);
            }

            _longCommand[0] = (ushort)((code & AddressMask) * _first);
            TransferBlock(_longCommand, _longAnswer);
            return (_longAnswer[1] / _first) & 0xFF;
        }

        /// <summary>
        /// Writes an ETH register; not ECON1, some of whose bits the hardware changes: a bit written back would start a transmission
        /// twice.
        /// </summary>
        internal void Write(EthRegister register, int value)
        {
            int code = (int)register;
            if (code < EveryBank && code >> BankShift != _bank)
            {
                SelectBank(code >> BankShift);
            }

            _command[0] = (ushort)(((WriteCommand | (code & AddressMask)) * _first) | (value * _second));
            Transfer(_command, null);
        }

        internal void Write(MacRegister register, int value)
        {
            int code = (int)register;
            if (code >> BankShift != _bank)
            {
                SelectBank(code >> BankShift);
            }

            _command[0] = (ushort)(((WriteCommand | (code & AddressMask)) * _first) | (value * _second));
            Transfer(_command, null);
        }

        /// <summary>
        /// Writes a pair of ETH registers, the low one first; the high one follows it.
        /// </summary>
        internal void WritePair(EthRegister low, int value)
        {
            Write(low, value & 0xFF);
            Write(low + 1, value >> 8);
        }

        /// <summary>
        /// Sets bits of an ETH register that every bank has: the code of such a one is the command as it stands.
        /// </summary>
        internal void SetBits(EthRegister register, int bits)
        {
            _command[0] = (ushort)(((int)register * _first) | (bits * _second));
            Transfer(_command, null);
        }

        /// <summary>
        /// Clears bits of an ETH register that every bank has; the same holds.
        /// </summary>
        internal void ClearBits(EthRegister register, int bits)
        {
            _command[0] = (ushort)((((int)register | ClearBitsCommand) * _first) | (bits * _second));
            Transfer(_command, null);
        }

        /// <summary>
        /// Sends a word whose halves are equal, so that it is the same command in either word order.
        /// </summary>
        internal void WriteTwin(int value)
        {
            _command[0] = (ushort)(value | (value << 8));
            Transfer(_command, null);
        }

        /// <summary>
        /// Sends a word whose halves are equal and gets what came back, as it lies.
        /// </summary>
        internal int ExchangeTwin(int value)
        {
            _command[0] = (ushort)(value | (value << 8));
            Transfer(_command, _answer);
            return _answer[0];
        }

        /// <summary>
        /// Moves more than a word.
        /// </summary>
        /// <param name="words">The words to send, the command in the first one.</param>
        /// <param name="answer">What is received, or null if nobody wants it. Of the same length, which the native code does not check.</param>
        internal void TransferBlock(ushort[] words, ushort[] answer)
        {
            _furtherBytes += (uint)(words.Length - 1) << 1;
            Transfer(words, answer);
        }

        /// <summary>
        /// Resets the chip (DS39662E 11.2). The command is one byte alone, which no word array can send: this is the one
        /// transfer that allocates, and it happens only when an application calls <see cref="Enc28j60.Start"/>.
        /// </summary>
        internal void ResetSystem()
        {
            Transactions++;
            _furtherBytes--;
            _device.WriteByte(SystemResetCommand);
            _bank = 0;
        }

        /// <summary>
        /// Selects a bank. Only the bits that differ are touched, and never by writing ECON1 as a whole: the hardware clears
        /// TXRTS at any time, and a value read before and written after would set it again.
        /// </summary>
        private void SelectBank(int bank)
        {
            int clear = _bank & ~bank;
            if (clear != 0)
            {
                ClearBits(EthRegister.ECON1, clear);
            }

            int set = bank & ~_bank;
            if (set != 0)
            {
                SetBits(EthRegister.ECON1, set);
            }

            _bank = bank;
        }

        /// <summary>
        /// The one way to the bus for words.
        /// </summary>
        private void Transfer(ushort[] words, ushort[] answer)
        {
            Transactions++;
            if (answer == null)
            {
                _device.Write(words);
            }
            else
            {
                _device.TransferFullDuplex(words, answer);
            }
        }
    }
}
