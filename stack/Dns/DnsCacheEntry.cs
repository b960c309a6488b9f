// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// What is known of a name, and until when.
    /// </summary>
    internal sealed class DnsCacheEntry
    {
        private readonly byte[] _name;
        private int _length;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsCacheEntry"/> class.
        /// </summary>
        /// <param name="bytes">The longest name.</param>
        internal DnsCacheEntry(int bytes)
        {
            _name = new byte[bytes];
        }

        /// <summary>Gets a value indicating whether anything is known.</summary>
        internal bool IsUsed => _length > 0;

        /// <summary>Gets 0, HostNotFound or NoData.</summary>
        internal int Result { get; private set; }

        /// <summary>Gets the address, if the result is 0.</summary>
        internal uint Address { get; private set; }

        /// <summary>Gets the time in milliseconds until which it is known.</summary>
        internal int Until { get; private set; }

        /// <summary>
        /// Whether it is about a name.
        /// </summary>
        /// <param name="name">The name.</param>
        /// <param name="length">Its length.</param>
        /// <returns>Whether it is.</returns>
        internal bool IsAbout(byte[] name, int length) => length == _length && DnsName.AreEqual(name, _name, length);

        /// <summary>
        /// Takes something else in.
        /// </summary>
        /// <param name="name">The name, which fits.</param>
        /// <param name="length">Its length.</param>
        /// <param name="result">0, HostNotFound or NoData.</param>
        /// <param name="address">The address.</param>
        /// <param name="until">The time in milliseconds.</param>
        internal void Set(byte[] name, int length, int result, uint address, int until)
        {
            for (int i = 0; i < length; i++)
            {
                _name[i] = name[i];
            }

            _length = length;
            Result = result;
            Address = address;
            Until = until;
        }

        /// <summary>Forgets it.</summary>
        internal void Clear()
        {
            _length = 0;
        }
    }
}
