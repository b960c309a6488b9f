// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <content>
    /// Text that is not kept at all costs: what came before its turn, and what passes through. The latter is there for the application
    /// to read before the next poll, and is not kept (<see cref="TcpReceiveQueue"/>).
    /// </content>
    public sealed partial class TcpLayer
    {
        /// <summary>Gets what keeps text that arrived before its turn.</summary>
        internal TcpReassembly Reassembly => _reassembly;

        /// <summary>
        /// How much text passes through for a connection: it is there to be read, but is not kept.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Bytes.</returns>
        internal int PassingBytes(TcpControlBlock block) => ReceiveQueue.PassingTo == block ? ReceiveQueue.PassingBytes : 0;

        /// <summary>
        /// The application reads: text that passes through is taken, and acknowledged.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void TakePassing(TcpControlBlock block)
        {
            if (ReceiveQueue.PassingTo == block && ReceiveQueue.TakePassing(block))
            {
                _reassembly.MoveInOrder(block);
                AcknowledgmentPolicy.OweNow(block);
                RequestOutput(block);
            }
        }

        private void EndTurn()
        {
            TcpControlBlock block = ReceiveQueue.PassingTo;
            Changes++;
            ReceiveQueue.EndTurn();
            _reassembly.MoveInOrder(block);
            Touch(block);
        }
    }
}
