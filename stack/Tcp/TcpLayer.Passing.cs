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

        /// <summary>Gets a value indicating whether text waits for the application to read it before the next poll, and not longer.</summary>
        internal bool HasPassing => _receiveQueue.PassingTo != null;

        /// <summary>
        /// How much text passes through for a connection: it is there to be read, but is not kept.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Bytes.</returns>
        internal int PassingBytes(TcpControlBlock block) => _receiveQueue.PassingTo == block ? _receiveQueue.PassingBytes : 0;

        /// <summary>
        /// The application reads: text that passes through is taken, and acknowledged.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal void TakePassing(TcpControlBlock block)
        {
            if (_receiveQueue.PassingTo == block && _receiveQueue.TakePassing(block))
            {
                _reassembly.MoveInOrder(block);
                AcknowledgmentPolicy.OweNow(block);
                RequestOutput(block);
            }
        }

        private void EndTurn()
        {
            TcpControlBlock block = _receiveQueue.PassingTo;
            Changes++;
            _receiveQueue.EndTurn();
            _reassembly.MoveInOrder(block);
            Touch(block);
        }
    }
}
