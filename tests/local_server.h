// A web server inside a test: what it answers is up to the test.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace apical {

/// Serves one connection after the other; the answer "stall" begins and then says nothing.
class Server {
public:
    using Answer = std::function<std::string(const std::string& request)>;

    explicit Server(Answer answer)
        : m_answer(std::move(answer))
        , m_socket(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::listen(m_socket, 8);
        socklen_t size = sizeof address;
        ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~Server()
    {
        m_over = true;
        ::shutdown(m_socket, SHUT_RDWR);
        ::close(m_socket);
        m_thread.join();
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port) + "/"; }
    std::vector<std::string> requests() const
    {
        const std::lock_guard lock(m_access);
        return m_requests;
    }

private:
    void serve()
    {
        while (!m_over) {
            const int peer = ::accept(m_socket, nullptr, nullptr);
            if (peer < 0)
                return;
            std::string request;
            char bytes[4096];
            while (request.find("\r\n\r\n") == std::string::npos) {
                const auto n = ::recv(peer, bytes, sizeof bytes, 0);
                if (n <= 0)
                    break;
                request.append(bytes, static_cast<std::size_t>(n));
            }
            {
                const std::lock_guard lock(m_access);
                m_requests.push_back(request);
            }
            const std::string answer = m_answer(request);
            if (answer == "stall") {
                const std::string begun = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc";
                ::send(peer, begun.data(), begun.size(), MSG_NOSIGNAL);
                for (int i = 0; i < 50 && !m_over; ++i)
                    ::usleep(100000);
            } else {
                ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            }
            ::close(peer);
        }
    }

    Answer m_answer;
    int m_socket;
    int m_port = 0;
    std::thread m_thread;
    std::atomic<bool> m_over = false;
    mutable std::mutex m_access;
    std::vector<std::string> m_requests;
};

inline std::string ok(const std::string& body)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size())
        + "\r\nConnection: close\r\n\r\n" + body;
}

} // namespace apical
