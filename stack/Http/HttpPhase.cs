// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// What is being done for a client.
    /// </summary>
    internal enum HttpPhase
    {
        /// <summary>Its request is read; between two requests, waited for.</summary>
        Reading,

        /// <summary>The body of its request is collected.</summary>
        Collecting,

        /// <summary>An answer is put together: by a handler, or because of a status.</summary>
        Answering,

        /// <summary>A page is sent.</summary>
        Sending,

        /// <summary>It sees events as they come.</summary>
        Viewing,

        /// <summary>All is sent, our direction closed, and only the client's FIN is waited for.</summary>
        Draining,
    }
}
