// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// How far an HTTP client has come with a request.
    /// </summary>
    public enum HttpClientState
    {
        /// <summary>Nothing was asked, or it was cancelled.</summary>
        Idle,

        /// <summary>A request was begun that no poll has seen yet.</summary>
        Begun,

        /// <summary>The host's name is being looked up.</summary>
        Resolving,

        /// <summary>The connection is being made.</summary>
        Connecting,

        /// <summary>The request is being sent.</summary>
        Sending,

        /// <summary>The request has been sent, and the header of the answer is awaited.</summary>
        Waiting,

        /// <summary>The header of the answer is there; its body can be read.</summary>
        Answering,

        /// <summary>The answer is there and all of it was read.</summary>
        Done,

        /// <summary>There will be no answer, or not all of it: <see cref="HttpClient.Result"/> says why.</summary>
        Failed,
    }
}
