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
        private const int SetBitsCommand = 0x80;
        private const int ClearBitsCommand = 0xA0;
        private const byte SystemResetCommand = 0xFF;
        private const int AddressMask = 0x1F;
        private const int EveryBank = 0x80;
        private const int BankShift = 5;

        /// <summary>Transfers made, one per chip select window.</summary>
        internal uint Transactions;

        /// <summary>Bytes moved, commands included.</summary>
        internal uint Bytes;

        /// <summary>Whether the low byte of a word is the first on the wire.</summary>
        internal bool LowByteFirst;

        private readonly SpiDevice _device;
        private readonly ushort[] _command = new ushort[1];
        private readonly ushort[] _answer = new ushort[1];
        private readonly ushort[] _longCommand = new ushort[2];
        private readonly ushort[] _longAnswer = new ushort[2];
        private int _firstShift;
        private int _secondShift;
        private int _bank;

        /// <summary>
        /// Initializes a new instance of the <see cref="SpiPort"/> class.
        /// </summary>
        /// <param name="device">The SPI device.</param>
        internal SpiPort(SpiDevice device)
        {
            _device = device;
        }

        /// <summary>
        /// Sets which byte of a word goes first.
        /// </summary>
        /// <param name="order">The order.</param>
        internal void SetWordOrder(WordOrder order)
        {
            LowByteFirst = order == WordOrder.LowByteFirst;
            _firstShift = LowByteFirst ? 0 : 8;
            _secondShift = 8 - _firstShift;
        }

        /// <summary>
        /// The word that carries two bytes.
        /// </summary>
        /// <param name="first">The byte that goes first, 0 to 255.</param>
        /// <param name="second">The other one, 0 to 255.</param>
        /// <returns>The word as it lies in a transfer's array.</returns>
        internal ushort Word(int first, int second) => (ushort)((first << _firstShift) | (second << _secondShift));

        /// <summary>
        /// Tells that the chip has selected bank 0, as after a reset.
        /// </summary>
        internal void AssumeBankZero()
        {
            _bank = 0;
        }

        /// <summary>
        /// Whether ECON1 holds what it does while the chip is at work: RXEN, and the bank that is believed in. A reset takes RXEN
        /// away, whatever caused it, and <see cref="Configuration.SwitchOnReception"/> is the one way to set it: so this one look
        /// tells that none of the registers was lost. What differs is read once more before it is believed.
        /// </summary>
        /// <returns>Whether it does.</returns>
        internal bool IsAtWork()
        {
            int control = RegisterBits.Econ1ReceiveEnable | _bank;
            return (Read(EthRegister.ECON1) & ~RegisterBits.Econ1TransmitRequest) == control
                || (Read(EthRegister.ECON1) & ~RegisterBits.Econ1TransmitRequest) == control;
        }

        /// <summary>
        /// Reads an ETH register.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <returns>0 to 255.</returns>
        internal int Read(EthRegister register)
        {
            int code = (int)register;
            if ((code & EveryBank) == 0 && code >> BankShift != _bank)
            {
                Select(code >> BankShift);
            }

            _command[0] = (ushort)((code & AddressMask) << _firstShift);
            Transactions++;
            Bytes += 2;
            _device.TransferFullDuplex(_command, _answer);
            return (_answer[0] >> _secondShift) & 0xFF;
        }

        /// <summary>
        /// Reads a MAC or MII register. The transfer's fourth byte is one too many and harmless: these registers do not change
        /// by being read.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <returns>0 to 255.</returns>
        internal int Read(MacRegister register)
        {
            int code = (int)register;
            if (code >> BankShift != _bank)
            {
                Select(code >> BankShift);
            }

            _longCommand[0] = (ushort)((code & AddressMask) << _firstShift);
            Transactions++;
            Bytes += 4;
            _device.TransferFullDuplex(_longCommand, _longAnswer);
            return (_longAnswer[1] >> _firstShift) & 0xFF;
        }

        /// <summary>
        /// Writes an ETH register.
        /// </summary>
        /// <param name="register">The register; not ECON1, some of whose bits the hardware changes: a bit written back would
        /// start a transmission twice.</param>
        /// <param name="value">0 to 255.</param>
        internal void Write(EthRegister register, int value)
        {
            int code = (int)register;
            if ((code & EveryBank) == 0 && code >> BankShift != _bank)
            {
                Select(code >> BankShift);
            }

            _command[0] = (ushort)(((WriteCommand | (code & AddressMask)) << _firstShift) | (value << _secondShift));
            Transactions++;
            Bytes += 2;
            _device.Write(_command);
        }

        /// <summary>
        /// Writes a MAC or MII register.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <param name="value">0 to 255.</param>
        internal void Write(MacRegister register, int value)
        {
            int code = (int)register;
            if (code >> BankShift != _bank)
            {
                Select(code >> BankShift);
            }

            _command[0] = (ushort)(((WriteCommand | (code & AddressMask)) << _firstShift) | (value << _secondShift));
            Transactions++;
            Bytes += 2;
            _device.Write(_command);
        }

        /// <summary>
        /// Writes a pair of ETH registers, the low one first.
        /// </summary>
        /// <param name="low">The low one; the high one follows it.</param>
        /// <param name="value">0 to 65535.</param>
        internal void WritePair(EthRegister low, int value)
        {
            Write(low, value & 0xFF);
            Write(low + 1, value >> 8);
        }

        /// <summary>
        /// Sets bits of an ETH register that every bank has.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <param name="bits">The bits to set.</param>
        internal void SetBits(EthRegister register, int bits)
        {
            _command[0] = (ushort)(((SetBitsCommand | ((int)register & AddressMask)) << _firstShift) | (bits << _secondShift));
            Transactions++;
            Bytes += 2;
            _device.Write(_command);
        }

        /// <summary>
        /// Clears bits of an ETH register that every bank has.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <param name="bits">The bits to clear.</param>
        internal void ClearBits(EthRegister register, int bits)
        {
            _command[0] = (ushort)(((ClearBitsCommand | ((int)register & AddressMask)) << _firstShift) | (bits << _secondShift));
            Transactions++;
            Bytes += 2;
            _device.Write(_command);
        }

        /// <summary>
        /// Sends a word whose halves are equal, so that it is the same command in either word order.
        /// </summary>
        /// <param name="value">The byte, 0 to 255.</param>
        internal void WriteTwin(int value)
        {
            _command[0] = (ushort)(value | (value << 8));
            Transactions++;
            Bytes += 2;
            _device.Write(_command);
        }

        /// <summary>
        /// Sends a word whose halves are equal and gets what came back.
        /// </summary>
        /// <param name="value">The byte, 0 to 255.</param>
        /// <returns>The received word as it lies.</returns>
        internal int ExchangeTwin(int value)
        {
            _command[0] = (ushort)(value | (value << 8));
            Transactions++;
            Bytes += 2;
            _device.TransferFullDuplex(_command, _answer);
            return _answer[0];
        }

        /// <summary>
        /// Sends an array.
        /// </summary>
        /// <param name="words">The words, the command in the first one.</param>
        internal void Send(ushort[] words)
        {
            Transactions++;
            Bytes += (uint)(words.Length << 1);
            _device.Write(words);
        }

        /// <summary>
        /// Sends an array while another one is received.
        /// </summary>
        /// <param name="words">The words to send, the command in the first one.</param>
        /// <param name="answer">What is received; it must be of the same length, which the native code does not check.</param>
        internal void Exchange(ushort[] words, ushort[] answer)
        {
            Transactions++;
            Bytes += (uint)(words.Length << 1);
            _device.TransferFullDuplex(words, answer);
        }

        /// <summary>
        /// Resets the chip (DS39662E 11.2). The command is one byte alone, which no word array can send: this is the one
        /// transfer that allocates, and it happens only when an application calls <see cref="Enc28j60.Start"/>.
        /// </summary>
        internal void SystemReset()
        {
            Transactions++;
            Bytes++;
            _device.WriteByte(SystemResetCommand);
            _bank = 0;
        }

        /// <summary>
        /// Selects a bank. Only the bits that differ are touched, and never by writing ECON1 as a whole: the hardware clears
        /// TXRTS at any time, and a value read before and written after would set it again.
        /// </summary>
        /// <param name="bank">0 to 3.</param>
        private void Select(int bank)
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
    }
}
