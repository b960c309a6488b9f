// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace TcpIp.Mdns
{
    /// <summary>
    /// What there is to tell: the host's address, and of each service its name, place and text. A set of records is a number with a bit for each.
    /// </summary>
    internal sealed class MdnsRecords
    {
        /// <summary>The host's address.</summary>
        internal const int HostAddress = 0;

        /// <summary>The host's name, of its address.</summary>
        internal const int Reverse = 1;

        /// <summary>That the host has no other addresses.</summary>
        internal const int HostOnly = 2;

        /// <summary>The first service's first record.</summary>
        internal const int FirstService = 3;

        /// <summary>The kind's services: one of them is this one.</summary>
        internal const int Kind = 0;

        /// <summary>The service's host and port.</summary>
        internal const int Place = 1;

        /// <summary>The service's text.</summary>
        internal const int Text = 2;

        /// <summary>That the service has nothing else.</summary>
        internal const int ServiceOnly = 3;

        /// <summary>The link's kinds of services: one of them is this one (RFC 6763 section 9).</summary>
        internal const int Meta = 4;

        /// <summary>Records of a service.</summary>
        internal const int PerService = 5;

        // RFC 6762 section 10: what has a host's name in it is good for two minutes, everything else for 75
        private const int HostTime = 120;
        private const int OtherTime = 4500;

        private const int Names = 3;
        private const int NamesPerService = 2;

        private static readonly byte[] s_local = new byte[] { 5, (byte)'l', (byte)'o', (byte)'c', (byte)'a', (byte)'l', 0 };

        private static readonly byte[] s_reverse = new byte[]
        {
            7, (byte)'i', (byte)'n', (byte)'-', (byte)'a', (byte)'d', (byte)'d', (byte)'r', 4, (byte)'a', (byte)'r', (byte)'p', (byte)'a', 0,
        };

        private static readonly byte[] s_meta = new byte[]
        {
            9, (byte)'_', (byte)'s', (byte)'e', (byte)'r', (byte)'v', (byte)'i', (byte)'c', (byte)'e', (byte)'s',
            7, (byte)'_', (byte)'d', (byte)'n', (byte)'s', (byte)'-', (byte)'s', (byte)'d', 4, (byte)'_', (byte)'u', (byte)'d', (byte)'p',
            5, (byte)'l', (byte)'o', (byte)'c', (byte)'a', (byte)'l', 0,
        };

        // window 0, and as many bytes as the highest type needs, each with the bits of eight types (RFC 4034 section 4.1.2)
        private static readonly byte[] s_addressOnly = new byte[] { 0, 1, 0x40 };
        private static readonly byte[] s_placeAndTextOnly = new byte[] { 0, 5, 0, 0, 0x80, 0, 0x40 };

        private static readonly byte[] s_nothing = new byte[0];

        private readonly MdnsName[] _names;
        private readonly MdnsName[] _owners;
        private readonly int[] _types;
        private readonly byte[][] _heads;
        private readonly MdnsName[] _targets;
        private readonly byte[][] _tails;
        private readonly byte[] _address = new byte[4];
        private readonly byte[] _scratch = new byte[DnsName.Longest];

        /// <summary>
        /// Initializes a new instance of the <see cref="MdnsRecords"/> class.
        /// </summary>
        /// <param name="configuration">What there is, checked.</param>
        internal MdnsRecords(MdnsConfiguration configuration)
        {
            int services = configuration.Services == null ? 0 : configuration.Services.Length;
            Services = services;
            int count = FirstService + (services * PerService);
            _names = new MdnsName[Names + (services * NamesPerService)];
            _owners = new MdnsName[count];
            _types = new int[count];
            _heads = new byte[count][];
            _targets = new MdnsName[count];
            _tails = new byte[count][];

            byte[] host = MdnsConfiguration.BytesOf(configuration.HostName);
            _names[0] = new MdnsName(0, host, s_local, false);
            _names[1] = new MdnsName(1, s_nothing, s_reverse, false);
            _names[2] = new MdnsName(2, s_meta);
            Set(HostAddress, _names[0], DnsHeader.TypeA, s_nothing, null, _address);
            Set(Reverse, _names[1], DnsHeader.TypePtr, s_nothing, _names[0], s_nothing);
            Set(HostOnly, _names[0], DnsHeader.TypeNsec, s_nothing, _names[0], s_addressOnly);
            for (int i = 0; i < services; i++)
            {
                MdnsService service = configuration.Services[i];
                byte[] label = service.Name == null ? host : MdnsConfiguration.BytesOf(service.Name);
                byte[] kind = KindOf(service.Type);
                int name = Names + (i * NamesPerService);
                _names[name] = new MdnsName(name, kind);
                _names[name + 1] = new MdnsName(name + 1, label, kind, true);
                int first = FirstService + (i * PerService);

                // priority and weight say nothing where there is one host (RFC 2782)
                byte[] place = new byte[] { 0, 0, 0, 0, (byte)(service.Port >> 8), (byte)service.Port };
                Set(first + Kind, _names[name], DnsHeader.TypePtr, s_nothing, _names[name + 1], s_nothing);
                Set(first + Place, _names[name + 1], DnsHeader.TypeSrv, place, _names[0], s_nothing);
                Set(first + Text, _names[name + 1], DnsHeader.TypeTxt, s_nothing, null, MdnsConfiguration.TextOf(service.Text));
                Set(first + ServiceOnly, _names[name + 1], DnsHeader.TypeNsec, s_nothing, _names[name + 1], s_placeAndTextOnly);
                Set(first + Meta, _names[2], DnsHeader.TypePtr, s_nothing, _names[name], s_nothing);
            }
        }

        /// <summary>Gets the number of records.</summary>
        internal int Count => _owners.Length;

        /// <summary>Gets the number of services.</summary>
        internal int Services { get; }

        /// <summary>Gets all names.</summary>
        internal MdnsName[] AllNames => _names;

        /// <summary>Gets the host's name.</summary>
        internal MdnsName Host => _names[0];

        /// <summary>
        /// A service's name.
        /// </summary>
        /// <param name="service">0 to <see cref="Services"/> - 1.</param>
        /// <returns>The name.</returns>
        internal MdnsName ServiceName(int service) => _names[Names + (service * NamesPerService) + 1];

        /// <summary>
        /// Whose record it is.
        /// </summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>The name.</returns>
        internal MdnsName Owner(int record) => _owners[record];

        /// <summary>The record's type.</summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>The type.</returns>
        internal int Type(int record) => _types[record];

        /// <summary>What stands at the beginning of the data.</summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>The bytes.</returns>
        internal byte[] Head(int record) => _heads[record];

        /// <summary>The name in the data.</summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>The name, or null.</returns>
        internal MdnsName Target(int record) => _targets[record];

        /// <summary>What stands at the end of the data.</summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>The bytes.</returns>
        internal byte[] Tail(int record) => _tails[record];

        /// <summary>
        /// Whether nobody else has records of this name and type: others are to forget what they have known of them (RFC 6762 section 10.2).
        /// </summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>Whether it is ours alone.</returns>
        internal bool IsUnique(int record)
        {
            int part = (record - FirstService) % PerService;
            return record < FirstService || (part != Kind && part != Meta);
        }

        /// <summary>
        /// The seconds for which it is good.
        /// </summary>
        /// <param name="record">0 to <see cref="Count"/> - 1.</param>
        /// <returns>The seconds.</returns>
        internal int TimeToLive(int record)
        {
            return record < FirstService || (record - FirstService) % PerService == Place ? HostTime : OtherTime;
        }

        /// <summary>
        /// The host has another address.
        /// </summary>
        /// <param name="address">The address.</param>
        internal void SetAddress(uint address)
        {
            for (int i = 0; i < 4; i++)
            {
                _address[i] = (byte)(address >> (24 - (8 * i)));
            }

            _names[1].SetReverse(address);
        }

        /// <summary>
        /// Whether the record that was read last is one of ours: of the same name, type and data.
        /// </summary>
        /// <param name="record">Ours.</param>
        /// <param name="message">The message.</param>
        /// <param name="owner">Offset of the other one's name.</param>
        /// <returns>Whether it is.</returns>
        internal bool IsSame(int record, DnsMessage message, int owner)
        {
            return message.Type == _types[record] && message.IsName(owner, _owners[record].Wire) && CompareData(record, message) == 0;
        }

        /// <summary>
        /// Which comes first by class, type and data (RFC 6762 section 8.2).
        /// </summary>
        /// <param name="record">Ours.</param>
        /// <param name="message">Has read the other one last.</param>
        /// <returns>Less than 0 if the other one does, more if ours does, 0 if they are the same.</returns>
        internal int Compare(int record, DnsMessage message)
        {
            int difference = (message.Class & DnsHeader.ClassMask) - DnsHeader.ClassIn;
            if (difference == 0)
            {
                difference = message.Type - _types[record];
            }

            return difference != 0 ? difference : CompareData(record, message);
        }

        private static byte[] KindOf(string type)
        {
            byte[] scratch = new byte[DnsName.Longest];
            int length = DnsName.Encode(type + ".local", scratch);
            byte[] kind = new byte[length];
            for (int i = 0; i < length; i++)
            {
                kind[i] = scratch[i];
            }

            return kind;
        }

        private void Set(int record, MdnsName owner, int type, byte[] head, MdnsName target, byte[] tail)
        {
            _owners[record] = owner;
            _types[record] = type;
            _heads[record] = head;
            _targets[record] = target;
            _tails[record] = tail;
        }

        /// <summary>
        /// Compares data of the same type byte by byte; names in them whole, wherever they go on, and in letters of any size.
        /// </summary>
        private int CompareData(int record, DnsMessage message)
        {
            int at = message.Data;
            int end = at + message.DataLength;
            byte[] head = _heads[record];
            MdnsName target = _targets[record];
            for (int i = 0; i < head.Length; i++)
            {
                int difference = at < end ? message.GetByte(at) - head[i] : -1;
                if (difference != 0)
                {
                    return difference;
                }

                at++;
            }

            if (target != null)
            {
                int next = message.SkipName(at);
                int length = next < 0 || next > end ? -1 : message.CopyName(at, _scratch);
                int difference = length < 0 ? -1 : CompareNames(_scratch, target);
                if (difference != 0)
                {
                    return difference;
                }

                at = next;
            }

            byte[] tail = _tails[record];
            for (int i = 0; i < tail.Length; i++)
            {
                int difference = at < end ? message.GetByte(at) - tail[i] : -1;
                if (difference != 0)
                {
                    return difference;
                }

                at++;
            }

            return end - at;
        }

        /// <summary>
        /// Compares whole names. The empty label ends each, so neither is the other's beginning.
        /// </summary>
        private static int CompareNames(byte[] small, MdnsName name)
        {
            byte[] wire = name.Wire;
            for (int i = 0; i < name.Length; i++)
            {
                int difference = small[i] - DnsMessage.Small(wire[i]);
                if (difference != 0)
                {
                    return difference;
                }
            }

            return 0;
        }
    }
}
