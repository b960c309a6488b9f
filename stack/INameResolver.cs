// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// Finds the address of a host by its name. The resolver of <c>TcpIp.Dns</c> is one; whoever needs names knows it by this alone, so
    /// that a program without names does not carry one.
    /// </summary>
    /// <remarks>
    /// It never waits: a lookup is begun, goes on in <see cref="IBackgroundWork.Poll"/>, and is asked for its result.
    /// </remarks>
    public interface INameResolver : IBackgroundWork
    {
        /// <summary>
        /// Begins to look a name up. An address in dotted decimal is a name too, whose result is there at once.
        /// </summary>
        /// <param name="hostname">Such as "example.org".</param>
        /// <returns>A ticket for the lookup, or InvalidArgument if this is no name, NoBufferSpace if all places are taken.</returns>
        int Begin(string hostname);

        /// <summary>
        /// Begins to look a name up that came in a message, as text.
        /// </summary>
        /// <param name="hostname">The characters, each a byte.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>As of the other overload.</returns>
        int Begin(byte[] hostname, int offset, int count);

        /// <summary>
        /// Asks for the result. Once there is one, the lookup is over, and the ticket fits nothing any more.
        /// </summary>
        /// <param name="lookup">The ticket.</param>
        /// <param name="address">The host's address, if the result is 0.</param>
        /// <returns>0; WouldBlock while it is being asked; HostNotFound, the name does not exist; NoData, it has no IPv4 address; TimedOut,
        /// nobody answers; TryAgain, nobody can tell now; BadDescriptor.</returns>
        int GetResult(int lookup, out uint address);

        /// <summary>
        /// Gives a lookup up, whose result nobody waits for any more.
        /// </summary>
        /// <param name="lookup">The ticket; one that fits nothing is no error.</param>
        void Cancel(int lookup);
    }
}
