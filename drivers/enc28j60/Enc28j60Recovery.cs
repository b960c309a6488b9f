// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Why something was reset. The first three reset the receiver alone, the others start the whole chip anew.
    /// </summary>
    public enum Enc28j60Recovery
    {
        /// <summary>Nothing was reset yet.</summary>
        None,

        /// <summary>A packet's header made no sense twice: what waited in the receive buffer was lost.</summary>
        BadHeader,

        /// <summary>The receive buffer overflowed and nothing came in after it was emptied.</summary>
        DeafAfterOverrun,

        /// <summary>After a long silence the hardware's write pointer was not where the next packet is expected.</summary>
        ReceiverOutOfStep,

        /// <summary>A reset of the receiver did not help.</summary>
        ReceiverStuck,

        /// <summary>Several transmissions in a row did not end in time.</summary>
        TransmitterStuck,

        /// <summary>The chip answers, but its registers do not hold what was written: it was reset, or its supply dipped.</summary>
        RegistersLost,

        /// <summary>The chip does not answer: it is unplugged or without supply.</summary>
        NoAnswer,

        /// <summary>A start failed and was tried again.</summary>
        StartFailed,

        /// <summary>The chip did not wake up from power save.</summary>
        WakeFailed,

        /// <summary><see cref="Enc28j60.Restart"/> was called.</summary>
        Requested,
    }
}
