// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The chip's SPI commands (DS39662E 4.2), in 16-bit words: only the transfers of word arrays allocate nothing on
    /// nanoFramework. Each method is one chip select window, and one more where the bank has to change.
    /// </summary>
    /// <remarks>
    /// What is sent with each frame is put together once: whoever owns the register makes the word at the start, and gives it to
    /// <see cref="Device"/> himself, in the register's bank. Nothing is counted here: every instruction would be run with every transfer.
    /// </remarks>
    internal sealed class SpiPort
    {
        /// <summary>First byte of a transfer out of the buffer memory.</summary>
        internal const int ReadBufferCommand = 0x3A;

        /// <summary>First byte of a transfer into the buffer memory.</summary>
        internal const int WriteBufferCommand = 0x7A;

        private const int WriteCommand = 0x40;
        private const int ClearBitsCommand = 0xA0;
        private const int SetBitsCommand = 0x80;
        private const byte SystemResetCommand = 0xFF;
        private const int AddressMask = 0x1F;
        private const int EveryBank = 0x80;
        private const int BankShift = 5;

        /// <summary>Whether the low byte of a word is the first on the wire.</summary>
        internal bool LowByteFirst;

        /// <summary>The way to the bus for words that were made beforehand, and for blocks.</summary>
        internal readonly SpiDevice Device;

        /// <summary>What a transfer of one word brought.</summary>
        internal readonly ushort[] Answer = new ushort[1];

        /// <summary>The bank that is selected, as far as is known.</summary>
        internal int Bank;

        private readonly ushort[] _command = new ushort[1];
        private readonly ushort[] _longCommand = new ushort[2];
        private readonly ushort[] _longAnswer = new ushort[2];
        private readonly ushort[] _readControl = new ushort[1];

        // factors, 1 and 256 or the other way round, that bring a byte to where it goes first or second: a shift by a variable takes two
        // instructions more
        private int _first = 1;
        private int _second = 0x100;
        private int _controlMask;

        internal SpiPort(SpiDevice device)
        {
            Device = device;
        }

        /// <summary>
        /// Sets which byte of a word goes first.
        /// </summary>
        internal void SetWordOrder(WordOrder order)
        {
            LowByteFirst = order == WordOrder.LowByteFirst;
            _first = LowByteFirst ? 1 : 0x100;
            _second = 0x100 / _first;
            _readControl[0] = MakeRead(EthRegister.ECON1);
            _controlMask = (0xFF & ~RegisterBits.ECON1_TXRTS) * _second;
        }

        /// <summary>
        /// The word that carries two bytes, as it lies in a transfer's array.
        /// </summary>
        internal ushort MakeWord(int first, int second) => (ushort)((first * _first) | (second * _second));

        /// <summary>The word that reads a register.</summary>
        internal ushort MakeRead(EthRegister register) => MakeWord((int)register & AddressMask, 0);

        /// <summary>The word that writes a register.</summary>
        internal ushort MakeWrite(EthRegister register, int value) => MakeWord(WriteCommand | ((int)register & AddressMask), value);

        /// <summary>The word that sets bits of a register.</summary>
        internal ushort MakeSetBits(EthRegister register, int bits) => MakeWord(SetBitsCommand | ((int)register & AddressMask), bits);

        /// <summary>The word that clears bits of a register.</summary>
        internal ushort MakeClearBits(EthRegister register, int bits) => MakeWord(ClearBitsCommand | ((int)register & AddressMask), bits);

        /// <summary>The value of the byte that came second in <see cref="Answer"/>.</summary>
        internal int GetSecond() => (Answer[0] / _second) & 0xFF;

        /// <summary>
        /// Tells that the chip has selected bank 0, as after a reset.
        /// </summary>
        internal void AssumeBankZero()
        {
            Bank = 0;
        }

        /// <summary>
        /// Whether ECON1 holds what it does while the chip is at work: RXEN, and the bank that is believed in. A reset takes RXEN
        /// away, whatever caused it, and <see cref="Reception.SwitchOn"/> is the one way to set it: so this one look
        /// tells that none of the registers was lost. What differs is read once more before it is believed.
        /// </summary>
        internal bool IsAtWork()
        {
            Device.TransferFullDuplex(_readControl, Answer);
            if (((Answer[0] ^ ((RegisterBits.ECON1_RXEN | Bank) * _second)) & _controlMask) == 0)
            {
                return true;
            }

            return (Read(EthRegister.ECON1) & ~RegisterBits.ECON1_TXRTS) == (RegisterBits.ECON1_RXEN | Bank);
        }

        internal int Read(EthRegister register)
        {
            int code = (int)register;
            if (code < EveryBank && code >> BankShift != Bank)
            {
                SelectBank(code >> BankShift);
            }

            _command[0] = (ushort)((code & AddressMask) * _first);
            Device.TransferFullDuplex(_command, Answer);
            return (Answer[0] / _second) & 0xFF;
        }

        /// <summary>
        /// Reads a MAC or MII register. The transfer's fourth byte is one too many and harmless: these registers do not change
        /// by being read.
        /// </summary>
        internal int Read(MacRegister register)
        {
            int code = (int)register;
            if (code >> BankShift != Bank)
            {
                SelectBank(code >> BankShift);
            }

            _longCommand[0] = (ushort)((code & AddressMask) * _first);
            Device.TransferFullDuplex(_longCommand, _longAnswer);
            return (_longAnswer[1] / _first) & 0xFF;
        }

        /// <summary>
        /// Writes an ETH register; not ECON1, some of whose bits the hardware changes: a bit written back would start a transmission
        /// twice.
        /// </summary>
        internal void Write(EthRegister register, int value)
        {
            int code = (int)register;
            if (code < EveryBank && code >> BankShift != Bank)
            {
                SelectBank(code >> BankShift);
            }

            _command[0] = (ushort)(((WriteCommand | (code & AddressMask)) * _first) | (value * _second));
            Device.Write(_command);
        }

        /// <summary>
        /// Writes a register by a word that its owner has made: half the instructions of <see cref="Write(EthRegister, int)"/>. Its bank is
        /// selected.
        /// </summary>
        /// <param name="made">The word that writes 0.</param>
        /// <param name="value">What to write.</param>
        internal void WriteMade(int made, int value)
        {
            _command[0] = (ushort)(made + (value * _second));
            Device.Write(_command);
        }

        internal void Write(MacRegister register, int value)
        {
            int code = (int)register;
            if (code >> BankShift != Bank)
            {
                SelectBank(code >> BankShift);
            }

            _command[0] = (ushort)(((WriteCommand | (code & AddressMask)) * _first) | (value * _second));
            Device.Write(_command);
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
            Device.Write(_command);
        }

        /// <summary>
        /// Clears bits of an ETH register that every bank has; the same holds.
        /// </summary>
        internal void ClearBits(EthRegister register, int bits)
        {
            _command[0] = (ushort)((((int)register | ClearBitsCommand) * _first) | (bits * _second));
            Device.Write(_command);
        }

        /// <summary>
        /// Sends a word whose halves are equal, so that it is the same command in either word order.
        /// </summary>
        internal void WriteTwin(int value)
        {
            _command[0] = (ushort)(value | (value << 8));
            Device.Write(_command);
        }

        /// <summary>
        /// Sends a word whose halves are equal and gets what came back, as it lies.
        /// </summary>
        internal int ExchangeTwin(int value)
        {
            _command[0] = (ushort)(value | (value << 8));
            Device.TransferFullDuplex(_command, Answer);
            return Answer[0];
        }

        /// <summary>
        /// Resets the chip (DS39662E 11.2). The command is one byte alone, which no word array can send: this is the one
        /// transfer that allocates, and it happens only when an application calls <see cref="Enc28j60.Start"/>.
        /// </summary>
        internal void ResetSystem()
        {
            Device.WriteByte(SystemResetCommand);
            Bank = 0;
        }

        /// <summary>
        /// Selects a bank. Only the bits that differ are touched, and never by writing ECON1 as a whole: the hardware clears
        /// TXRTS at any time, and a value read before and written after would set it again.
        /// </summary>
        internal void SelectBank(int bank)
        {
            int clear = Bank & ~bank;
            if (clear != 0)
            {
                ClearBits(EthRegister.ECON1, clear);
            }

            int set = bank & ~Bank;
            if (set != 0)
            {
                SetBits(EthRegister.ECON1, set);
            }

            Bank = bank;
        }
    }
}
