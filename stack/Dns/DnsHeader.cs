// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// The message of the domain name system (RFC 1035 section 4.1): its header, and the numbers in its records. Offsets are from the start of the
    /// message.
    /// </summary>
    internal static class DnsHeader
    {
        /// <summary>Offset of the number that an answer carries again, 'ID'.</summary>
        internal const int Id = 0;

        /// <summary>Offset of the flags.</summary>
        internal const int Flags = 2;

        /// <summary>Offset of the number of questions, 'QDCOUNT'.</summary>
        internal const int QuestionCount = 4;

        /// <summary>Offset of the number of records that answer, 'ANCOUNT'.</summary>
        internal const int AnswerCount = 6;

        /// <summary>Offset of the number of records about who knows, 'NSCOUNT'.</summary>
        internal const int AuthorityCount = 8;

        /// <summary>Length in bytes; the first question begins here.</summary>
        internal const int Length = 12;

        /// <summary>Flag 'QR': this is an answer.</summary>
        internal const int FlagResponse = 0x8000;

        /// <summary>Flag 'TC': the answer did not fit.</summary>
        internal const int FlagTruncated = 0x0200;

        /// <summary>Flag 'RD': the server is to find out what it does not know.</summary>
        internal const int FlagRecursionDesired = 0x0100;

        /// <summary>The bits of the kind of question, 'OPCODE': 0 for all that is asked here.</summary>
        internal const int OpcodeMask = 0x7800;

        /// <summary>The bits of the result, 'RCODE'.</summary>
        internal const int ResponseCodeMask = 0x000F;

        /// <summary>Result: the name does not exist (NXDOMAIN, RFC 2308 section 2.1).</summary>
        internal const int NameError = 3;

        /// <summary>Type: an IPv4 address.</summary>
        internal const int TypeA = 1;

        /// <summary>Type: a server that knows more.</summary>
        internal const int TypeNs = 2;

        /// <summary>Type: the name is another one's alias.</summary>
        internal const int TypeCname = 5;

        /// <summary>Type: where the names of a zone begin; with it an answer says for how long there is nothing.</summary>
        internal const int TypeSoa = 6;

        /// <summary>Type: a name, of an address or of a service.</summary>
        internal const int TypePtr = 12;

        /// <summary>Type: what a service says of itself.</summary>
        internal const int TypeTxt = 16;

        /// <summary>Type: a service's host and port (RFC 2782).</summary>
        internal const int TypeSrv = 33;

        /// <summary>Type: which types there are of a name, and so which not (RFC 6762 section 6.1).</summary>
        internal const int TypeNsec = 47;

        /// <summary>Type of a question: all.</summary>
        internal const int TypeAny = 255;

        /// <summary>Class of a question: all.</summary>
        internal const int ClassAny = 255;

        /// <summary>The bits of a class that are one: above stands a flag of hosts that speak to all (RFC 6762 sections 5.4 and 10.2).</summary>
        internal const int ClassMask = 0x7FFF;

        /// <summary>Flag in a class: of a question, the answer may come to the asker alone; of a record, there is no other of the kind.</summary>
        internal const int ClassFlag = 0x8000;

        /// <summary>Flag 'AA': who answers knows by himself.</summary>
        internal const int FlagAuthoritative = 0x0400;

        /// <summary>Offset of the number of records that may be of use, 'ARCOUNT'.</summary>
        internal const int AdditionalCount = 10;

        /// <summary>Class: the Internet.</summary>
        internal const int ClassIn = 1;

        /// <summary>Length of what follows the name of a question: type and class.</summary>
        internal const int QuestionTail = 4;

        /// <summary>Length of what follows the name of a record: type, class, time to live, length of the data.</summary>
        internal const int RecordTail = 10;

        /// <summary>The servers' port.</summary>
        internal const int Port = 53;

        /// <summary>The port of the hosts that answer for themselves (RFC 6762 section 3).</summary>
        internal const int MulticastPort = 5353;

        /// <summary>224.0.0.251, the group that these hosts are in.</summary>
        internal const uint LinkGroup = 0xE00000FB;
    }
}
