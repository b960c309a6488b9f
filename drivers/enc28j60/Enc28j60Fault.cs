// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Why the chip could not be started. <see cref="Enc28j60.Describe"/> says what to look at.
    /// </summary>
    public enum Enc28j60Fault
    {
        /// <summary>No fault.</summary>
        None,

        /// <summary>Every answer is zeros.</summary>
        NoAnswer,

        /// <summary>Every answer is ones.</summary>
        AnswersAllOnes,

        /// <summary>There are answers, but registers do not hold what is written.</summary>
        NoChip,

        /// <summary>A register reads differently from time to time.</summary>
        UnstableReads,

        /// <summary>EREVID is none of the known revisions B1, B4, B5 and B7.</summary>
        RevisionUnknown,

        /// <summary>A silicon revision B1 or B4 is clocked below 8 MHz (DS80349C 1).</summary>
        ClockTooSlow,

        /// <summary>After a system reset the registers do not hold their reset values.</summary>
        ResetIgnored,

        /// <summary>ESTAT.CLKRDY stays 0 (DS39662E 2.2).</summary>
        ClockNotReady,

        /// <summary>The buffer memory does not hold what is written.</summary>
        MemoryTest,

        /// <summary>A MAC register does not hold what is written.</summary>
        RegisterReadBack,

        /// <summary>The PHY does not answer or is not the ENC28J60's.</summary>
        PhyNotResponding,

        /// <summary>The chip ran and lost its registers or its supply, or got stuck; <see cref="Enc28j60.LastRecovery"/> tells more.</summary>
        ChipLost,
    }
}
