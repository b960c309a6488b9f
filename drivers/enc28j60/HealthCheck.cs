// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Finds a chip that was reset, unplugged or short of supply. Such a chip still answers on the SPI bus, and looks like one that
    /// simply receives no packets; only its registers show that it has lost its settings.
    /// </summary>
    /// <remarks>
    /// A reset shows in ECON1, which <see cref="Operation"/> looks at twelve times a second and before each transmission. Every two
    /// seconds a dozen transfers look at the registers that say most, and at a few of the others in turn. On suspicion all
    /// of them are read at once, some in each poll. What differs is read again before it is believed.
    /// </remarks>
    internal sealed class HealthCheck
    {
        private const int Interval = 2000;
        private const int Slice = 4;

        // the receive buffer's, both bytes of ETXST, ECOCON, and the MAC's
        private const int Registers = ReceiveBuffer.Bounds + 3 + Mac.Registers;

        // After this time without a packet the receiver is tested. It is not reset: perhaps nobody has sent anything.
        private const int Silence = 30_000;

        private readonly Chip _chip;
        private readonly Enc28j60Counters _counters;
        private int _revision;
        private int _since;
        private int _next;
        private int _urgent;
        private int _packet;
        private int _heardAt;

        internal HealthCheck(Chip chip, Enc28j60Counters counters)
        {
            _chip = chip;
            _counters = counters;
        }

        /// <summary>
        /// Begins with a chip that was just set up.
        /// </summary>
        /// <param name="now">The time.</param>
        /// <param name="revision">Its EREVID.</param>
        /// <param name="packet">Where the next packet begins.</param>
        internal void Begin(int now, int revision, int packet)
        {
            _revision = revision;
            _since = now;
            _heardAt = now;
            _packet = packet;
            _next = 0;
            _urgent = 0;
        }

        /// <summary>
        /// A value was read that a chip in good order never returns: from now on all registers are read, some in each poll.
        /// </summary>
        internal void Suspect()
        {
            if (_urgent == 0)
            {
                _counters._suspicions++;
                _urgent = Registers;
                _since -= Interval;
            }
        }

        /// <summary>
        /// Looks at what is due.
        /// </summary>
        /// <returns>What was found, or <see cref="Enc28j60Recovery.None"/>.</returns>
        internal Enc28j60Recovery Poll(int now)
        {
            bool isDue = now - _since >= Interval;
            if (!isDue && _urgent <= 0)
            {
                return Enc28j60Recovery.None;
            }

            if (isDue)
            {
                _since = now;
                if (IsAmiss())
                {
                    return Diagnose();
                }
            }

            for (int i = 0; i < Slice; i++)
            {
                _next = _next + 1 >= Registers ? 0 : _next + 1;
                if (!Holds(_next) && !Holds(_next))
                {
                    return Diagnose();
                }
            }

            _urgent = _urgent > Slice ? _urgent - Slice : 0;
            return Enc28j60Recovery.None;
        }

        /// <summary>
        /// Milliseconds until <see cref="Poll"/> has something to do.
        /// </summary>
        internal int GetLeft(int now) => _urgent > 0 ? 0 : Interval - (now - _since);

        /// <summary>
        /// Whether nothing has come in for so long, with the link up, that the receiver should be tested.
        /// </summary>
        /// <param name="now">The time.</param>
        /// <param name="packet">Where the next packet begins, which changes with each that comes in.</param>
        /// <param name="isLinkUp">Whether the link is up.</param>
        internal bool IsSilent(int now, int packet, bool isLinkUp)
        {
            if (_packet != packet || !isLinkUp)
            {
                _packet = packet;
                _heardAt = now;
            }
            else if (now - _heardAt >= Silence)
            {
                _heardAt = now;
                _counters._silenceChecks++;
                Suspect();
                return true;
            }

            return false;
        }

        /// <summary>
        /// Tells what is wrong: the chip does not answer at all, or it answers and has lost its settings.
        /// </summary>
        internal Enc28j60Recovery Diagnose()
        {
            // whatever bank it has selected now: EREVID is in bank 3, which has both bits
            _chip.Port.AssumeBankZero();
            int revision = _chip.Port.Read(EthRegister.EREVID);
            _chip.Port.SelectBank(0);
            return revision == _revision ? Enc28j60Recovery.RegistersLost : Enc28j60Recovery.NoAnswer;
        }

        private bool IsAmiss()
        {
            // ECON1 first: it tells whether the bank is what is believed, which all others need
            return !_chip.Port.IsAtWork()
                || (!IsAlive() && !IsAlive())
                || (!_chip.Reception.HoldsCanary() && !_chip.Reception.HoldsCanary())
                || (!_chip.Filters.HoldsControl() && !_chip.Filters.HoldsControl())
                || (!_chip.Mac.Holds(0) && !_chip.Mac.Holds(0))
                || (_chip.Port.Read(EthRegister.EREVID) != _revision && _chip.Port.Read(EthRegister.EREVID) != _revision);
        }

        private bool IsAlive()
        {
            return (_chip.Port.Read(EthRegister.ESTAT) & (RegisterBits.ESTAT_CLKRDY | RegisterBits.ESTAT_AlwaysZero)) == RegisterBits.ESTAT_CLKRDY
                && _chip.Port.Read(EthRegister.ECON2) == RegisterBits.ECON2_AUTOINC
                && _chip.Interrupts.HoldsSources();
        }

        private bool Holds(int index)
        {
            if (index < ReceiveBuffer.Bounds)
            {
                return _chip.ReceiveBuffer.HoldsBound(index);
            }

            index -= ReceiveBuffer.Bounds;
            switch (index)
            {
                case 0:
                case 1:
                    return _chip.Transmitter.HoldsStart(index);
                case 2:
                    return _chip.Power.HoldsClockOutput();
                default:
                    return _chip.Mac.Holds(index - 3);
            }
        }
    }
}
