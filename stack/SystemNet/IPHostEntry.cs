// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net
{
    /// <summary>
    /// A host's name and addresses, as <see cref="Dns.GetHostEntry"/> finds them.
    /// </summary>
    public class IPHostEntry
    {
        internal string Name;
        internal IPAddress[] Addresses;

        /// <summary>Gets the name that was asked for.</summary>
        public string HostName => Name;

        /// <summary>Gets the addresses, one at least.</summary>
        public IPAddress[] AddressList => Addresses;
    }
}
